"""Loads a checkpoint and makes it a server, with the head that reads its hidden states."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from models.transformer import packing
from models.transformer.checkpoint import Checkpoint
from models.transformer.network import Form, Network, load_network
from models.transformer.probe import choose_way
from models.transformer.serving import Server, Way
from models.transformer.tokens import TextTokens

if TYPE_CHECKING:
    from torch import nn


def load_server(checkpoint: Checkpoint, form: Form, head: nn.Module | None = None) -> Server:
    """The checkpoint, served. A ``head`` reads the hidden states of a base.

    Raises as ``load_network`` does.
    """
    return serve(load_network(checkpoint, form), checkpoint.folder, form, head)


def serve(network: Network, folder: Path, form: Form, head: nn.Module | None = None) -> Server:
    """A network that is loaded, in the fastest way that it can be served.

    The files of its tokenizer lie in the folder.
    """
    from models.transformer.head_modules import head_of

    packing.register()
    own = None if form is Form.BASE else head_of(network.model, of_tokens=form is Form.OF_TOKENS)
    server = Server(network, TextTokens(network.tokenizer, folder), own)
    if own is None and form is not Form.BASE:
        server.way = Way.OWN
    else:
        choose_way(server)
    if head is not None:
        server.head = head.float().to(network.model.device)
    return server
