#!/usr/bin/env python3
"""Makes vectors.json from the description in docs/key-bundle.md, with none of the product's code.

Needs Python 3 and the package `cryptography`. The vectors are pinned: where the product disagrees with them, files that
people have kept no longer open, so they are never made anew to make a test pass.
"""

import hashlib
import hmac
import json
import struct
import unicodedata
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KDF, CIPHER, BLOCK = "PBKDF2-HMAC-SHA-256", "AES-256-GCM", 4096


def text(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def field(data):
    return struct.pack(">Q", len(data)) + data


def chosen(word, length):
    return hashlib.sha256(b"marshmallow/key-bundle/" + word.encode()).digest()[:length]


def vector(name, passphrase, iterations, made_at, keys, content=None):
    salt, nonce = chosen(name + "/salt", 16), chosen(name + "/nonce", 12)
    normal = unicodedata.normalize("NFKC", passphrase).encode()
    stretched = hashlib.pbkdf2_hmac("sha256", normal, salt, iterations, 32)
    key = hmac.digest(stretched, b"marshmallow/bundle-key/1", "sha256")
    check = hmac.digest(stretched, b"marshmallow/bundle-check/1", "sha256")
    aad = b"".join(
        field(part)
        for part in (
            b"marshmallow/bundle/1",
            KDF.encode(),
            struct.pack(">I", iterations),
            salt,
            check,
            CIPHER.encode(),
        )
    )
    content = content or {"made_at": made_at, "keys": keys}
    content = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    padded = content + b" " * (-len(content) % BLOCK)
    file = {
        "format": "marshmallow-keys",
        "version": 1,
        "kdf": {"name": KDF, "iterations": iterations, "salt": text(salt), "check": text(check)},
        "cipher": {"name": CIPHER, "nonce": text(nonce)},
        "ciphertext": text(AESGCM(key).encrypt(nonce, padded, aad)),
    }
    return {
        "name": name,
        "passphrase": passphrase,
        "salt": salt.hex(),
        "nonce": nonce.hex(),
        "stretched": stretched.hex(),
        "key": key.hex(),
        "aad": aad.hex(),
        "content": content.decode(),
        "file": json.dumps(file, indent=2) + "\n",
    }


def entry(provider, endpoint, base_url, label, is_active, key):
    return {
        "provider": provider,
        "endpoint": endpoint,
        "base_url": base_url,
        "label": label,
        "is_active": is_active,
        "key": key,
    }


OPENAI = entry("openai", "openai", "https://api.openai.com/v1", "Work", True, "sk-proj-known-answer-0123456789-x3Fa")
CUSTOM = entry("custom", "ollama", "http://127.0.0.1:11434/v1", "Zuhause \u2013 k\u00fcche", False, 'quote"back\\slash')

VECTORS = [
    vector("written", "seven wooden boats drift", 2_000_000, 1_764_000_000_000, [OPENAI, CUSTOM]),
    # A full-width letter, a ligature, and an accent on its own: NFKC makes "Caf\u00e9 five boats at noon" of it.
    vector("composed", "\uff23afe\u0301 \ufb01ve boats at noon", 600_000, 0, [OPENAI]),
    vector("empty", "x", 700_000, 1, []),
    # Opens, though not everything in it can be stored: a broken key, an unknown provider, members that are not there,
    # and one that is not known.
    vector(
        "odd",
        "seven wooden boats drift",
        600_000,
        2,
        [{**OPENAI, "key": "sk-proj broken"}, {"provider": "of-2030", "key": "of-2030-key-0123", "colour": "red"}],
    ),
    vector("no list", "seven wooden boats drift", 600_000, 0, [], {"keys": "none"}),
    vector("too many", "seven wooden boats drift", 600_000, 3, [{"provider": "openai", "key": "sk-0123"}] * 101),
]

Path(__file__).with_name("vectors.json").write_text(json.dumps(VECTORS, indent=1) + "\n")
