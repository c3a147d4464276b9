"""Methods that learn from classes."""

from xmr_core.lab.base import named
from xmr_core.lab.supervised.acmr import ACMR
from xmr_core.lab.supervised.cluster_cca import ClusterCCA
from xmr_core.lab.supervised.dscmr import DSCMR
from xmr_core.lab.supervised.gmlda import GMLDA
from xmr_core.lab.supervised.gmmfa import GMMFA
from xmr_core.lab.supervised.jfssl import JFSSL
from xmr_core.lab.supervised.mdcr import MDCR
from xmr_core.lab.supervised.ml_cca import MultiLabelCCA
from xmr_core.lab.supervised.scm import SemanticCorrelationMatching
from xmr_core.lab.supervised.sm import SemanticMatching

METHODS = named(
    SemanticMatching,
    SemanticCorrelationMatching,
    GMLDA,
    GMMFA,
    MultiLabelCCA,
    ClusterCCA,
    JFSSL,
    MDCR,
    DSCMR,
    ACMR,
)
