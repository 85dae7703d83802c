"""The encodings of the WHATWG Encoding Standard: their labels and their decoders."""

from stages.extract.encodings.decoders import DecodedBytes, decode_as
from stages.extract.encodings.labels import encoding_of

__all__ = ["DecodedBytes", "decode_as", "encoding_of"]
