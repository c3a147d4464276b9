"""Write ``assets/bank/text.txt``: what people may ask a mixed library for.

The bank serves hubness correction and calibration, so it has to be as broad as the
queries are: single names, short phrases, whole sentences; people, animals, things,
places, sounds, tasks, moods. Everything comes from the word lists below, combined by
templates with a fixed seed, and the thousand class names of ImageNet that timm carries.
No sentence is taken from a data set.

    python tools/make_bank.py
"""

import random
from pathlib import Path

from xmr_core.encoders.image import class_names
from xmr_core.paths import assets_dir

PEOPLE = """a man|a woman|a boy|a girl|two children|a young couple|an old man|a little girl|
a little boy|a group of people|three friends|a family|a crowd|a toddler|a baby|a teenager|
two women|two men|an elderly woman|a father and his son|a mother with her child|several kids|
a musician|a cyclist|a climber|a surfer|a skateboarder|a skier|a runner|a football player|
a basketball team|a chef|a fisherman|a police officer|a dancer|a bride and groom|
a man in a red shirt|a woman in a black dress|a boy in blue shorts|a girl with a pink hat|
a man with a beard|a woman with sunglasses|people in winter coats|a man wearing a helmet|
a child in a yellow raincoat|someone|a person in a green jacket|four girls in costumes|
a guy in jeans|a lady with an umbrella|a shirtless man|an Asian woman|a blond child|
a worker in an orange vest|a street performer|a soldier|a baseball player|two boys"""
DOINGS = """is walking down the street|runs along the beach|sits on a bench|
jumps into a swimming pool|is riding a bicycle|plays the guitar|is climbing a rock wall|
holds a camera|is eating ice cream|looks out of a window|is smiling at the camera|throws a ball|
kicks a football|is playing in the sand|swings on a swing|slides down a slide|
stands in front of a building|is skiing down a hill|performs a trick on a skateboard|
surfs a big wave|paddles a kayak|is splashing in a fountain|lies on the grass|reads a newspaper|
talks on the phone|dances at a party|drinks coffee|is crossing the road|waits for a bus|
carries a backpack|hikes up a mountain trail|is cooking dinner|blows bubbles|is painting a picture|
plays with a dog|rides a horse|fishes from a boat|is sledding in the snow|builds a snowman|
is jumping on a trampoline|does a flip in the air|swims under water|is sleeping on a couch|
laughs with friends|points at something|wades through a stream|sings into a microphone|
is taking a photograph|dribbles a basketball|swings a bat at a baseball|is wrestling|
races a motorbike|hangs from a rope|rides a scooter|poses for a picture|is blowing out candles|
pushes a stroller|plays chess|is sweeping the floor|repairs a car|stands at the edge of a cliff|
is playing tennis|hugs a friend|looks at the sunset|sits around a campfire|is shopping at a market|
plays the drums"""
PLACES = """in the park|on the beach|in the snow|at night|in a field of grass|by the lake|
in the city|near a river|on a mountain|in the woods|at the playground|in a kitchen|on a stage|
in front of a crowd|in the street|on a dirt road|at the stadium|in the backyard|in the desert|
under a tree|at a restaurant|in shallow water|on a wooden bridge|on the sidewalk|in a gym|
by the sea|in an office|at the fair|in a garden|on a boat|in the rain|on a sunny day"""
ANIMALS = """dog|cat|horse|cow|sheep|pig|chicken|duck|goose|bird|owl|eagle|parrot|frog|fish|shark|
whale|dolphin|turtle|snake|lizard|lion|tiger|elephant|giraffe|zebra|monkey|bear|wolf|fox|rabbit|
mouse|squirrel|deer|goat|donkey|camel|butterfly|bee|spider|ant|snail|crab|octopus|penguin|puppy|
kitten|seal|rooster|bat|hedgehog|dinosaur|dragonfly|swan|kangaroo|koala|panda|crocodile|gorilla|
leopard|rhinoceros|hippopotamus|lobster|starfish|jellyfish|pigeon|flamingo"""
COATS = """black|white|brown|small|large|spotted|wet|fluffy|grey|young|two|old|tan|golden"""
ANIMAL_DOINGS = """runs through the grass|jumps over a fence|swims in the water|catches a frisbee|
sleeps in the sun|chases a ball|shakes off water|looks at the camera|plays in the snow|
carries a stick in its mouth|eats from a bowl|sits on a sofa|stands on a rock|digs in the sand|
walks along the shore|leaps into the air|hides under a table|drinks from a puddle|climbs a tree|
fights with another one|lies on the carpet|is being washed|crosses the road|wears a collar|
sticks out its tongue|races on a track|sniffs a flower|stands behind a fence"""
THINGS = """chair|table|sofa|bed|lamp|desk|bookshelf|wardrobe|door|window|mirror|clock|vase|carpet|
curtain|bathtub|sink|toilet|shower|oven|refrigerator|washing machine|kettle|teapot|cup|mug|plate|
bowl|fork|knife|spoon|bottle|wine glass|frying pan|toaster|microwave|computer|laptop|keyboard|
computer mouse|monitor|printer|telephone|mobile phone|camera|television|radio|loudspeaker|
headphones|microphone|guitar|piano|violin|drum|trumpet|flute|accordion|saxophone|bicycle|motorbike|
car|bus|truck|train|tram|aeroplane|helicopter|rocket|boat|sailing ship|canoe|tractor|ambulance|
fire engine|wheelbarrow|hammer|screwdriver|saw|ladder|bucket|broom|scissors|pencil|pen|book|
notebook|letter|envelope|stamp|coin|key|lock|umbrella|suitcase|backpack|handbag|wallet|hat|cap|
shoe|boot|sock|glove|scarf|shirt|trousers|dress|jacket|tie|ring|necklace|watch|glasses|ball|
football|tennis racket|skateboard|surfboard|kite|doll|teddy bear|toy car|chess board|dice|balloon|
candle|flag|tent|campfire|bench|fountain|statue|bridge|tower|church|castle|house|windmill|
lighthouse|traffic light|street sign|mailbox|fence|staircase|fireplace|radiator|stapler|anchor|
wrench|wheelchair|chandelier|globe|telescope|microscope|thermometer|syringe|skull|brain|heart|hand|
face|flower pot|pillow|blanket|basket|barrel|crown|sword|shield|drill|tap|light switch|
power socket|bunk bed|stool|filing cabinet|coat rack|picture frame|rug|swing|dumbbell|gramophone|
metronome|pagoda|pyramid|cannon|stop sign|parachute|hot air balloon|space shuttle|satellite"""
LOOKS = """red|wooden|old|broken|small|shiny|blue|plastic|golden|modern|antique|yellow|metal|round|
green|folding|striped"""
FOODS = """bread|cheese|apple|banana|orange|strawberry|cherry|grapes|lemon|pear|tomato|potato|
carrot|onion|mushroom|pumpkin|pepper|salad|soup|pizza|hamburger|sandwich|pasta|rice|sushi|steak|
sausage|egg|pancake|cake|chocolate|ice cream|coffee|tea|milk|orange juice|beer|red wine|pineapple|
watermelon|avocado|broccoli|garlic|corn|honey|biscuits"""
NATURE = """tree|oak leaf|rose|sunflower|tulip|daisy|orchid|cactus|grass|moss|forest|meadow|
mountain|volcano|river|waterfall|lake|ocean|island|beach|desert|cave|glacier|cliff|sky|clouds|
rainbow|sunrise|sunset|moon|full moon|stars|galaxy|planet Earth|Saturn|comet|storm|lightning|snow|
ice|fog|rain|fire|smoke|sand dunes|autumn leaves|water lily"""
SOUNDS = """a dog barking|a cat meowing|birds singing|a rooster crowing|a cow mooing|
sheep bleating|a lion roaring|frogs croaking|crickets chirping|a horse galloping|a donkey braying|
rain on the roof|thunder|wind in the trees|ocean waves|a waterfall|a crackling fire|
footsteps on gravel|a door creaking|a door slamming|a bell ringing|church bells|an alarm clock|
a ticking clock|a telephone ringing|typing on a keyboard|a car starting|a car horn|a siren|
a police siren|a train passing|an aeroplane overhead|a helicopter|a chainsaw|a hammer on wood|
glass breaking|an explosion|a gunshot|fireworks|applause|a crowd cheering|people talking|
a child laughing|a baby crying|a woman singing|a man coughing|someone sneezing|snoring|breathing|
a heartbeat|a guitar chord|a piano melody|a drum beat|a violin solo|a trumpet|an organ|whistling|
water dripping|pouring water|a toilet flushing|a washing machine|a vacuum cleaner|an engine idling|
a motorbike revving|a bicycle bell|a ship's horn|bubbles|static noise|a beep|a robot voice|
a sword being drawn|a laser gun|a magic spell|a cash register|coins falling|paper rustling|a zip|
scissors cutting"""
SCENES = """a city skyline at night|a narrow street in an old town|an empty beach|
a snowy mountain range|a crowded market|a quiet forest path|a field of wheat|
a harbour with fishing boats|a railway station|an airport terminal|a supermarket aisle|a classroom|
a hospital corridor|a library full of books|a concert hall|a football match|a birthday party|
a wedding|a parade|a carnival|a protest march|a family dinner|a barbecue in the garden|
a playground|a swimming pool|a skate park|a ski slope|a race track|a rodeo|a zoo|an aquarium|
a farm|a vineyard|a factory hall|a construction site|a car park|a motorway at rush hour|
a bridge over a river|a desert road|a tropical island|an underwater reef|a living room with a sofa|
a modern kitchen|a tidy bedroom|a bathroom with a bathtub|a home office|a staircase in a house|
a balcony with flowers|a castle on a hill|an ancient temple|a cathedral from inside|
a museum gallery|a painting of a landscape|a portrait of a woman|a black and white photograph|
a map of the world|a diagram of the heart|a chart with numbers|a page of handwriting|
a cartoon character|an icon of a house|a close-up of an eye|a texture of bricks|
a pattern of stripes|abstract colours|a low-poly model|an X-ray of a chest|
cells under a microscope|a satellite picture of a coast|a foggy morning|a stormy sea|
the night sky with stars"""
TOPICS = """how to bake bread|a recipe for tomato soup|the history of the railway|
how a bicycle works|care of roses|what whales eat|the life of bees|a letter to a friend|
minutes of the meeting|an invoice for repairs|travel notes|a poem about the sea|
a story about a dragon|the solar system explained|rules of chess|song lyrics|a shopping list|
instructions for the washing machine|a lecture on astronomy|notes on music theory|
how volcanoes form|first aid|training a puppy|birds of the garden|planting trees|
a guide to the museum|the weather forecast|a news report|holiday plans|a report about traffic|
learning to swim|how to play the guitar|a fairy tale|software manual|a contract"""
CLIPS = """a car drives down a country road|a dog runs through a garden|waves break on the rocks|
a train arrives|a woman pours coffee|children play football|a bird flies away|
clouds move across the sky|a man chops vegetables|a cat jumps onto a table|a spinning wheel|
a bouncing ball|an opening door|a dancer turns|fish swim in an aquarium|a boat sails past|
traffic at a crossing|a candle burns down|a flower opens|a robot walks|rain falls on a window|
a surfer rides a wave|fireworks light up the sky|a horse jumps over an obstacle|
someone writes on a blackboard"""
SHORT = (
    "{}",
    "a {}",
    "a photo of a {}",
    "picture of a {}",
    "a drawing of a {}",
    "{} on white background",
)
SENTENCES, COATED, LOOKED = 900, 320, 240


def words(text: str) -> list[str]:
    """The entries of a list above."""
    return [entry.strip() for entry in text.replace("\n", "").split("|")]


def bank(rng: random.Random) -> list[str]:
    """All lines, without doubles, in a fixed order."""
    people, doings, places = words(PEOPLE), words(DOINGS), words(PLACES)
    animals, things = words(ANIMALS), words(THINGS)
    lines = [
        *words(SOUNDS),
        *words(SCENES),
        *words(TOPICS),
        *words(CLIPS),
        *words(FOODS),
        *words(NATURE),
    ]
    lines += [f"the sound of {sound}" for sound in words(SOUNDS)[::3]]
    lines += [rng.choice(SHORT).format(name) for name in animals + things]
    lines += animals + things
    for _ in range(SENTENCES):
        sentence = f"{rng.choice(people)} {rng.choice(doings)}"
        if rng.random() < 0.5:
            sentence = f"{sentence} {rng.choice(places)}"
        lines.append(f"{sentence[0].upper()}{sentence[1:]}." if rng.random() < 0.7 else sentence)
    for _ in range(COATED):
        coat = rng.choice(words(COATS))
        animal = rng.choice((*animals[:12], *["dog"] * 12, *animals))
        what = f"two {animal}s" if coat == "two" else f"a {coat} {animal}"
        doing = rng.choice(words(ANIMAL_DOINGS))
        lines.append(
            f"{what[0].upper()}{what[1:]} {doing if coat != 'two' else rng.choice(places)}"
        )
    lines += [f"a {rng.choice(words(LOOKS))} {rng.choice(things)}" for _ in range(LOOKED)]
    lines += [f"a {what} {rng.choice(places)}" for what in rng.sample(animals, 40)]
    lines += [f"a {a} and a {b}" for a, b in (rng.sample(things + animals, 2) for _ in range(80))]
    lines += [name.split(",")[0] for name in class_names()[::2]]
    return list(dict.fromkeys(lines))


def main() -> None:
    """Write the file."""
    file: Path = assets_dir() / "bank" / "text.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = bank(random.Random(0))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{file}: {len(lines)} lines")


if __name__ == "__main__":
    main()
