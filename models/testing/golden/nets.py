"""Losses of the six reference nets in PyTorch, from weights and batches that models/tensor/random makes too.

Recipe: python3 models/testing/golden/nets.py > models/testing/golden/nets.json   (torch 2.13.0, numpy; CPU, one thread)
A weight called NAME of two or more axes is uniform within 1/sqrt(product of all axes but the first), key (seed 0, stream of its name);
one of one axis is 1 where it is called `weight` (norms), else 0. Batch tensors have seed 1, stream 1, 2, ... and step t modulo 4. Rows: losses of step 1..100.
"""
import json
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
STEPS = 100
BATCHES = 4  # so few that they are learnt, and the losses move
ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24]


def stream_of(name):
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def words(seed, stream, step, count):
    """Threefry-2x32, 20 rounds (Salmon et al. 2011)."""
    keys = [np.uint32(seed), np.uint32(stream), np.uint32(0x1BD11BDA ^ seed ^ stream)]
    with np.errstate(over='ignore'):
        x0 = np.arange(count, dtype=np.uint32) + keys[0]
        x1 = np.full(count, step, np.uint32) + keys[1]
        for r in range(20):
            x0 = x0 + x1
            d = ROTATIONS[r % 8]
            x1 = ((x1 << np.uint32(d)) | (x1 >> np.uint32(32 - d))) ^ x0
            if r % 4 == 3:
                i = (r + 1) // 4
                x0 = x0 + keys[i % 3]
                x1 = x1 + keys[(i + 1) % 3] + np.uint32(i)
    return x0, x1


def uniforms(seed, stream, step, shape, low=0.0, high=1.0):
    bits = words(seed, stream, step, int(np.prod(shape)))[0]
    values = (bits >> np.uint32(8)).astype(np.float64) * 2.0**-24
    return torch.from_numpy((low + (high - low) * values).astype(np.float32).reshape(shape))


def normals(seed, stream, step, shape):
    a, b = words(seed, stream, step, int(np.prod(shape)))
    u = ((a >> np.uint32(8)).astype(np.float64) + 1) * 2.0**-24
    v = (b >> np.uint32(8)).astype(np.float64) * 2.0**-24
    return torch.from_numpy((np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)).astype(np.float32).reshape(shape))


def classes(seed, stream, step, shape, count):
    return torch.from_numpy((words(seed, stream, step, int(np.prod(shape)))[0] % np.uint32(count)).astype(np.int64).reshape(shape))


def waves(phase, y):
    """Pictures of slanted waves, the class tells their number. Smooth, for on noise two PyTorch runs with 1 and 2 threads part by 4e-2."""
    i = torch.arange(28, dtype=torch.float64)
    turns = (1 + y.double().view(-1, 1, 1)) * (i.view(1, -1, 1) + 0.5 * i.view(1, 1, -1)) / 28 + phase.double().view(-1, 1, 1)
    return (0.5 + 0.5 * torch.sin(2 * np.pi * turns)).float().unsqueeze(1)


def initialise(modules):
    """modules: name of ours -> module; parameters become NAME.weight, NAME.bias."""
    params = []
    for name, module in modules.items():
        for short, p in module.named_parameters(recurse=False):
            full = f'{name}.{short}' if name else short
            with torch.no_grad():
                if p.dim() >= 2:
                    limit = 1 / np.sqrt(np.prod(p.shape[1:]))
                    p.copy_(uniforms(0, stream_of(full), 0, tuple(p.shape), -limit, limit))
                else:
                    p.fill_(1.0 if short == 'weight' else 0.0)
            params.append(p)
    return params


def train(step):
    return [[float(v) for v in np.atleast_1d(step(t % BATCHES))] for t in range(1, STEPS + 1)]


def cnn(batch=128):  # learning rate 3e-5: at 1e-3 rounding alone parts two runs by 0.1 after 100 steps, when the loss has fallen to 0.005
    c1, c2 = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
    d1, d2 = nn.Linear(3136, 128), nn.Linear(128, 10)
    opt = torch.optim.Adam(initialise({'conv1': c1, 'conv2': c2, 'dense1': d1, 'dense2': d2}), lr=3e-5)

    def step(t):
        x, y = uniforms(1, 1, t, (batch, 1, 28, 28)), classes(1, 2, t, (batch,), 10)
        x = 0.75 * waves(x[:, 0, 0, 0], y) + 0.25 * x
        h = F.max_pool2d(F.relu(c2(F.max_pool2d(F.relu(c1(x)), 2))), 2).flatten(1)
        loss = F.cross_entropy(d2(F.relu(d1(h))), y)
        opt.zero_grad(); loss.backward(); opt.step()
        return loss.item()
    return train(step)


def vae(batch=128):
    e, m, v, d0, d1 = nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20), nn.Linear(20, 400), nn.Linear(400, 784)
    opt = torch.optim.Adam(initialise({'encoder': e, 'mean': m, 'log_variance': v, 'decoder.0': d0, 'decoder.1': d1}), lr=1e-3)

    def step(t):
        x, noise = uniforms(1, 1, t, (batch, 784)), normals(1, 2, t, (batch, 20))
        h = F.relu(e(x)); mean, lv = m(h), v(h)
        logits = d1(F.relu(d0(mean + noise * torch.exp(0.5 * lv))))
        loss = F.binary_cross_entropy_with_logits(logits, x, reduction='sum') - 0.5 * torch.sum(1 + lv - mean * mean - lv.exp())
        opt.zero_grad(); loss.backward(); opt.step()
        return loss.item()
    return train(step)


def dcgan(batch=64):  # learning rate 1e-5: at 2e-4 two PyTorch runs part by 0.3 after 100 steps
    g = {'G.dense': nn.Linear(64, 128 * 49), 'G.up1': nn.ConvTranspose2d(128, 64, 4, 2, 1), 'G.norm': nn.BatchNorm2d(64), 'G.up2': nn.ConvTranspose2d(64, 1, 4, 2, 1)}
    d = {'D.down1': nn.Conv2d(1, 64, 4, 2, 1), 'D.down2': nn.Conv2d(64, 128, 4, 2, 1), 'D.norm': nn.BatchNorm2d(128), 'D.dense': nn.Linear(128 * 49, 1)}
    og = torch.optim.Adam(initialise(g), lr=1e-5, betas=(0.5, 0.999)); od = torch.optim.Adam(initialise(d), lr=1e-5, betas=(0.5, 0.999))

    def generate(z):
        h = F.relu(g['G.dense'](z)).view(-1, 128, 7, 7)
        return torch.tanh(g['G.up2'](F.relu(g['G.norm'](g['G.up1'](h)))))

    def judge(x):
        h = F.leaky_relu(d['D.down1'](x), 0.2)
        return d['D.dense'](F.leaky_relu(d['D.norm'](d['D.down2'](h)), 0.2).flatten(1))
    bce = F.binary_cross_entropy_with_logits
    one, zero = torch.ones(batch, 1), torch.zeros(batch, 1)

    def step(t):
        x, noise = uniforms(1, 1, t, (batch, 1, 28, 28)), normals(1, 2, t, (batch, 64))
        x = 0.75 * waves(x[:, 0, 0, 0], classes(1, 3, t, (batch,), 10)) + 0.25 * x
        fake = generate(noise)
        loss_d = bce(judge(x), one) + bce(judge(fake.detach()), zero)
        od.zero_grad(); loss_d.backward(); od.step()
        loss_g = bce(judge(fake), one)
        og.zero_grad(); loss_g.backward(); og.step()
        return [loss_d.item(), loss_g.item()]
    return train(step)


def gpt(B=12, T=64, V=65, L=4, H=4, D=128):
    mods = {'embedding': nn.Embedding(V, D), 'norm': nn.LayerNorm(D), 'head': nn.Linear(D, V)}
    for i in range(L):
        b = f'block.{i}.'
        mods |= {b + 'norm1': nn.LayerNorm(D), b + 'attention.qkv': nn.Linear(D, 3 * D), b + 'attention.out': nn.Linear(D, D),
                 b + 'norm2': nn.LayerNorm(D), b + 'mlp.0': nn.Linear(D, 4 * D), b + 'mlp.1': nn.Linear(4 * D, D)}
    pos = nn.Parameter(uniforms(0, stream_of('position'), 0, (T, D), -1 / np.sqrt(D), 1 / np.sqrt(D)))
    opt = torch.optim.AdamW(initialise(mods) + [pos], lr=1e-3)

    def step(t):
        x, y = classes(1, 1, t, (B, T), V), classes(1, 2, t, (B, T), V)
        h = mods['embedding'](x) + pos
        for i in range(L):
            b = f'block.{i}.'
            q, k, v = [a.view(B, T, H, D // H).transpose(1, 2) for a in mods[b + 'attention.qkv'](mods[b + 'norm1'](h)).chunk(3, -1)]
            a = (q @ k.transpose(-2, -1)) / (D // H) ** 0.5
            a = a.masked_fill(torch.triu(torch.ones(T, T, dtype=torch.bool), 1), float('-inf')).softmax(-1)
            h = h + mods[b + 'attention.out']((a @ v).transpose(1, 2).reshape(B, T, D))
            h = h + mods[b + 'mlp.1'](F.gelu(mods[b + 'mlp.0'](mods[b + 'norm2'](h))))
        loss = F.cross_entropy(mods['head'](mods['norm'](h)).view(-1, V), y.view(-1))
        opt.zero_grad(); loss.backward(); opt.step()
        return loss.item()
    return train(step)


def lstm(B=32, T=64, V=65, H=256):
    emb, out = nn.Embedding(V, H), nn.Linear(H, V)
    r = nn.LSTM(H, H, batch_first=True)
    params = initialise({'embedding': emb, 'head': out})
    with torch.no_grad():  # ours holds the gates in ONNX's order i, o, f, c; PyTorch's is i, f, c, o
        limit = 1 / np.sqrt(H)
        for mine, theirs in (('lstm.weight_ih', r.weight_ih_l0), ('lstm.weight_hh', r.weight_hh_l0)):
            theirs.copy_(uniforms(0, stream_of(mine), 0, (4, H, H), -limit, limit)[[0, 2, 3, 1]].reshape(4 * H, H))
        r.bias_ih_l0.zero_(); r.bias_hh_l0.zero_()
    opt = torch.optim.Adam(params + list(r.parameters()), lr=1e-3)

    def step(t):
        x, y = classes(1, 1, t, (B, T), V), classes(1, 2, t, (B, T), V)
        loss = F.cross_entropy(out(r(emb(x))[0]).view(-1, V), y.view(-1))
        opt.zero_grad(); loss.backward(); opt.step()
        return loss.item()
    return train(step)


def unet(batch=8, size=16, w=16):
    conv = lambda i, o, k=3, s=1: nn.Conv2d(i, o, k, s, k // 2)
    m = {'in': conv(1, w), 'shrink': conv(w, 2 * w, 3, 2), 'norm': nn.GroupNorm(8, w), 'out': conv(w, 1)}
    for name, i, o in (('down1', w, w), ('middle', 2 * w, 2 * w), ('up1', 3 * w, w)):
        m |= {f'{name}.norm1': nn.GroupNorm(8, i), f'{name}.conv1': conv(i, o), f'{name}.norm2': nn.GroupNorm(8, o), f'{name}.conv2': conv(o, o)}
        if i != o: m[f'{name}.skip'] = conv(i, o, 1)
    opt = torch.optim.Adam(initialise(m), lr=1e-3)

    def block(n, x):
        h = m[n + '.conv2'](F.silu(m[n + '.norm2'](m[n + '.conv1'](F.silu(m[n + '.norm1'](x))))))
        return h + (m[n + '.skip'](x) if n + '.skip' in m else x)

    def step(t):
        x, noise = uniforms(1, 1, t, (batch, 1, size, size)), normals(1, 2, t, (batch, 1, size, size))
        full = block('down1', m['in'](x + noise))
        deep = block('middle', m['shrink'](full))
        last = block('up1', torch.cat([F.interpolate(deep, scale_factor=2, mode='nearest'), full], 1))
        loss = F.mse_loss(m['out'](F.silu(m['norm'](last))), noise)
        opt.zero_grad(); loss.backward(); opt.step()
        return loss.item()
    return train(step)


out = {f.__name__: f() for f in (cnn, vae, dcgan, gpt, lstm, unet)}
print('{"torch": "%s",' % torch.__version__)
print(',\n'.join(f' "{k}": {json.dumps([[float(f"{x:.8g}") for x in r] for r in v])}' for k, v in out.items()) + '}')
