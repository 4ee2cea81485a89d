"""The configuration: every key with its default and one line of meaning."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.types.base import Value, Word

Address = Annotated[
    str,
    Field(
        pattern=r"^(https?://[^\s/]\S*)?$",
        json_schema_extra={"expected": "an address that begins with http:// or https://"},
    ),
]
"""An HTTP address, or nothing. `expected` is for messages, which never repeat such a value."""
VariableName = Annotated[
    str,
    Field(
        pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$",
        json_schema_extra={"expected": "the name of an environment variable, not the key itself"},
    ),
]
"""The name of an environment variable, or nothing: most pasted keys are refused here."""


class EmbedderEngine(Word):
    """What turns texts into vectors."""

    MINILM = "minilm"
    OPENAI = "openai"
    NONE = "none"


class RecallProfile(Word):
    """How the parts of a score are combined."""

    BOUNDED = "bounded"
    CLASSIC = "classic"


class EmbedderSettings(Value):
    """[embedder]"""

    engine: EmbedderEngine = Field(
        default=EmbedderEngine.MINILM, description="minilm (offline), openai (an endpoint) or none"
    )
    url: Address = Field(
        default="", description="base URL of an OpenAI-compatible endpoint, up to /v1"
    )
    model: str = Field(default="", description="the endpoint's model name")
    dimension: Annotated[int, Field(ge=0)] = Field(
        default=0, description="length of the endpoint's vectors; 0 takes what it sends"
    )
    key_env: VariableName = Field(
        default="", description="environment variable that holds the endpoint's key, never the key"
    )


class RecallSettings(Value):
    """[recall]"""

    profile: RecallProfile = Field(
        default=RecallProfile.BOUNDED, description="bounded (parts in 0..1) or classic (a product)"
    )
    results: Annotated[int, Field(ge=1, le=200)] = Field(
        default=10, description="how many memories a recall returns unless asked otherwise"
    )


class VectorSettings(Value):
    """[vectors]"""

    url: Address = Field(
        default="", description="address of a Qdrant server; empty keeps vectors in the home"
    )


class InterfaceSettings(Value):
    """[interface]"""

    theme: str = Field(default="boternity-dark", description="name of the colour theme")


class Settings(Value):
    """The whole configuration file; a key that is not here is refused with the nearest one."""

    embedder: EmbedderSettings = Field(default_factory=EmbedderSettings)
    recall: RecallSettings = Field(default_factory=RecallSettings)
    vectors: VectorSettings = Field(default_factory=VectorSettings)
    interface: InterfaceSettings = Field(default_factory=InterfaceSettings)
    keymap: dict[str, str] = Field(
        default_factory=dict, description='binding id = key, for example memory.delete = "d"'
    )


class ConfigOrigin(Word):
    """What decided a setting; each outranks the one before it."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"


class ConfigLine(Value):
    """One setting as `config show` prints it; `key` is "section.name"."""

    key: str
    value: str | int
    default: str | int
    origin: ConfigOrigin
    where: str = ""
    """The file and line, or the variable, that set it; empty for a default."""
    meaning: str


class ConfigProblem(Value):
    """Something that the configuration says and cannot mean; what it touches keeps its default."""

    line: int | None
    """1-based; None where the problem is not in the file's text."""
    sentence: str
