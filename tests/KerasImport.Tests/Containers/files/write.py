"""Writes the files of this folder: python write.py (h5py 3.7, numpy 1.24). The zip holds the same bytes four times."""
import json
import random
import zipfile

import h5py
import numpy as np


def windows_slashes(h):
    """Group names as Keras 2.14 and 2.15 wrote them on Windows."""
    h.create_group("layers\\dense/vars")["0"] = np.arange(6, dtype="<f4").reshape(2, 3)
    h.create_group("_layer_checkpoint_dependencies\\lstm\\cell/vars")["0"] = np.float32(1)
    h.create_group("layers\\dense_1\\vars")
    h["vars/10"] = np.int8(1)
    h["vars/2"] = np.int8(1)
    h["vars"].attrs["name"] = "top"
    h["layers\\dense/round"] = h["/"]


def element_types(h):
    """Every type a weight may have. bfloat16 and float8 as ml_dtypes gives them to h5py: opaque, without a tag."""
    v = h.create_group("vars")
    v.create_dataset("0", data=np.array([0x3FC0, 0xBF80], "<u2").view("V2"))
    v.create_dataset("1", data=np.array([0x3FC0], "<u2"))
    v["1"].attrs["dtype"] = "bfloat16"
    v["2"] = np.array([1, 255], "u1").view("V1")
    v["3"] = np.array([True, False])
    v["4"] = np.array([1.5], "<f2")
    v["5"] = np.array([1.5], ">f8")
    v["6"] = np.array([-1], ">i4")
    v["7"] = np.array(7, "<u8")


def in_a_group(h, groups=("study/net",)):
    """model.save(group) of Keras 2: a model in a group of a file of the author's."""
    layers = [{"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [None, 1], "dtype": "float32"}},
              {"class_name": "Dense", "config": {"name": "d", "units": 1, "activation": "linear", "use_bias": True}}]
    for group in groups:
        g = h.create_group(group)
        g.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": layers}}).encode()
        g.attrs["keras_version"] = b"2.2.4-tf"
        w = g.create_group("model_weights")
        w.attrs["layer_names"] = [b"x", b"d"]
        w.create_group("x").attrs["weight_names"] = np.zeros(0)
        w.create_group("d").attrs["weight_names"] = [b"d/kernel:0", b"d/bias:0"]
        w["d/d/kernel:0"] = np.float32([[3]])
        w["d/d/bias:0"] = np.float32([1])
    h["study/data"] = np.arange(3)
    h["study/again"] = h["/"]


def in_two_groups(h):
    in_a_group(h, ("study/net", "study/older"))


for write in (windows_slashes, element_types, in_a_group, in_two_groups):
    with h5py.File(write.__name__ + ".h5", "w", libver="latest") as file:
        write(file)

random.seed(1)
runs = b"".join(bytes([random.randrange(4)]) * random.choice([1, 2, 3, 4, 5, 254, 255, 256, 259, 300]) for _ in range(400))
text = b" ".join(random.choice([b"alpha", b"beta", b"gamma", b"delta"]) for _ in range(300)) + bytes(range(256))
with zipfile.ZipFile("methods.zip", "w") as z:
    for name, data in (("runs", runs), ("text", text), ("empty", b"")):
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            z.writestr("%s/%d" % (name, method), data, method)
