"""Makes the pictures beside this file that no encoder in the project can write. Needs Pillow, numpy, cjpeg and jpegtran."""

import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

here = Path(__file__).parent
y, x = np.mgrid[0:61, 0:93]
scene = np.stack([x * 255 / 92, y * 255 / 60, 127 + 120 * np.sin(x / 9) * np.cos(y / 7)], axis=-1).astype("uint8")
picture = Image.fromarray(scene)

picture.save(here / "progressive.jpg", quality=90, progressive=True)
picture.save(here / "half-chroma-across.jpg", quality=90, subsampling=1)
picture.convert("L").save(here / "grey.jpg", quality=90)
Image.new("CMYK", (40, 30), (0, 255, 255, 0)).save(here / "ink-red.jpg", quality=95)

picture.save(here / "plain.ppm")
cjpeg = ["cjpeg", "-quality", "90"]
subprocess.run([*cjpeg, "-rgb", "-outfile", here / "stored-rgb.jpg", here / "plain.ppm"], check=True)
subprocess.run([*cjpeg, "-sample", "2x2", "-outfile", here / "plain.jpg", here / "plain.ppm"], check=True)
subprocess.run(["jpegtran", "-restart", "2B", "-outfile", here / "restarts.jpg", here / "plain.jpg"], check=True)
subprocess.run([*cjpeg, "-arithmetic", "-outfile", here / "arithmetic.jpg", here / "plain.ppm"], check=True)
(here / "plain.ppm").unlink()

frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "lime", "blue")]
for name, options in (("frames.gif", {}), ("frames.webp", {"lossless": True})):
    frames[0].save(here / name, save_all=True, append_images=frames[1:], duration=100, **options)
Image.fromarray(np.full((20, 30), 40000, dtype="uint16")).save(here / "grey-16-bit.png")
