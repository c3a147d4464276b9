"""``xmr mcp``: libraries for an assistant that starts it."""


def mcp() -> None:
    """Serve libraries to an assistant by the Model Context Protocol, on standard input and output.

    Give an assistant the command: xmr mcp. It can search, read passages and look at thumbnails,
    and change nothing. Needs the package mcp: pip install 'xmr[mcp]'.
    """
    from xmr_core.assistants import Tools, server

    tools = Tools()
    try:
        server(tools).run("stdio")
    finally:
        tools.close()
