using System.Buffers.Binary;
using System.Numerics;

namespace KerasCompat.Runtime;

/// <summary>
/// FarmHash's <c>Fingerprint64</c> (farmhashna::Hash64), the hash behind TensorFlow's <c>to_hash_bucket_fast</c>. All arithmetic
/// wraps at 2⁶⁴, bytes are little-endian.
/// </summary>
/// <remarks>google/farmhash, src/farmhash.cc, namespace farmhashna.</remarks>
internal static class Fingerprint64
{
    private const ulong K0 = 0xc3a5c85c97cb3127;
    private const ulong K1 = 0xb492b66fbe98f273;
    private const ulong K2 = 0x9ae16a3b2f90404f;

    public static ulong Hash(ReadOnlySpan<byte> s) => s.Length switch
    {
        0 => K2,
        <= 3 => UpTo3(s),
        <= 7 => UpTo7(s),
        <= 16 => UpTo16(s),
        <= 32 => UpTo32(s),
        <= 64 => UpTo64(s),
        _ => Long(s),
    };

    /// <summary>TensorFlow's <c>FingerprintCat64</c>: the fingerprint of two fingerprints.</summary>
    /// <remarks>tensorflow/core/platform/fingerprint.h.</remarks>
    public static ulong Concatenate(ulong a, ulong b)
    {
        const ulong Multiplier = 0xc6a4a7935bd1e995;
        ulong result = a ^ Multiplier;
        result ^= Mix(b * Multiplier) * Multiplier;
        result *= Multiplier;
        return Mix(Mix(result) * Multiplier);
    }

    private static ulong Mix(ulong v) => v ^ (v >> 47);

    private static ulong Rotate(ulong v, int by) => BitOperations.RotateRight(v, by);

    private static ulong F64(ReadOnlySpan<byte> s, int at) => BinaryPrimitives.ReadUInt64LittleEndian(s[at..]);

    private static ulong F32(ReadOnlySpan<byte> s, int at) => BinaryPrimitives.ReadUInt32LittleEndian(s[at..]);

    private static ulong Hash16(ulong u, ulong v, ulong multiplier)
    {
        ulong a = Mix((u ^ v) * multiplier);
        return Mix((v ^ a) * multiplier) * multiplier;
    }

    private static ulong UpTo3(ReadOnlySpan<byte> s)
    {
        uint y = s[0] + ((uint)s[s.Length / 2] << 8);
        uint z = (uint)s.Length + ((uint)s[^1] << 2);
        return Mix((y * K2) ^ (z * K0)) * K2;
    }

    private static ulong UpTo7(ReadOnlySpan<byte> s)
    {
        ulong length = (ulong)s.Length;
        return Hash16(length + (F32(s, 0) << 3), F32(s, s.Length - 4), K2 + (length * 2));
    }

    private static ulong UpTo16(ReadOnlySpan<byte> s)
    {
        ulong multiplier = K2 + ((ulong)s.Length * 2);
        ulong a = F64(s, 0) + K2, b = F64(s, s.Length - 8);
        return Hash16((Rotate(b, 37) * multiplier) + a, (Rotate(a, 25) + b) * multiplier, multiplier);
    }

    private static ulong UpTo32(ReadOnlySpan<byte> s)
    {
        ulong multiplier = K2 + ((ulong)s.Length * 2);
        ulong a = F64(s, 0) * K1, b = F64(s, 8), c = F64(s, s.Length - 8) * multiplier, d = F64(s, s.Length - 16) * K2;
        return Hash16(Rotate(a + b, 43) + Rotate(c, 30) + d, a + Rotate(b + K2, 18) + c, multiplier);
    }

    private static ulong UpTo64(ReadOnlySpan<byte> s)
    {
        ulong multiplier = K2 + ((ulong)s.Length * 2);
        ulong a = F64(s, 0) * K2, b = F64(s, 8), c = F64(s, s.Length - 8) * multiplier, d = F64(s, s.Length - 16) * K2;
        ulong y = Rotate(a + b, 43) + Rotate(c, 30) + d;
        ulong z = Hash16(y, a + Rotate(b + K2, 18) + c, multiplier);
        ulong e = F64(s, 16) * multiplier, f = F64(s, 24);
        ulong g = (y + F64(s, s.Length - 32)) * multiplier, h = (z + F64(s, s.Length - 24)) * multiplier;
        return Hash16(Rotate(e + f, 43) + Rotate(g, 30) + h, e + Rotate(f + a, 18) + g, multiplier);
    }

    private static ulong Long(ReadOnlySpan<byte> s)
    {
        const ulong Seed = 81;
        ulong x = Seed, y = unchecked((Seed * K1) + 113), z = Mix((y * K2) + 113) * K2;
        (ulong A, ulong B) v = (0, 0), w = (0, 0);
        x = (x * K2) + F64(s, 0);
        int at = 0, end = (s.Length - 1) / 64 * 64;
        for (; at < end; at += 64)
        {
            ReadOnlySpan<byte> block = s[at..];
            x = Rotate(x + y + v.A + F64(block, 8), 37) * K1;
            y = Rotate(y + v.B + F64(block, 48), 42) * K1;
            x ^= w.B;
            y += v.A + F64(block, 40);
            z = Rotate(z + w.A, 33) * K1;
            v = Weak(block, v.B * K1, x + w.A);
            w = Weak(block[32..], z + w.B, y + F64(block, 16));
            (z, x) = (x, z);
        }

        ulong multiplier = K1 + ((z & 0xff) << 1);
        ReadOnlySpan<byte> last = s[^64..];
        w.A += (ulong)((s.Length - 1) & 63);
        v.A += w.A;
        w.A += v.A;
        x = Rotate(x + y + v.A + F64(last, 8), 37) * multiplier;
        y = Rotate(y + v.B + F64(last, 48), 42) * multiplier;
        x ^= w.B * 9;
        y += (v.A * 9) + F64(last, 40);
        z = Rotate(z + w.A, 33) * multiplier;
        v = Weak(last, v.B * multiplier, x + w.A);
        w = Weak(last[32..], z + w.B, y + F64(last, 16));
        (z, x) = (x, z);
        return Hash16(Hash16(v.A, w.A, multiplier) + (Mix(y) * K0) + z, Hash16(v.B, w.B, multiplier) + x, multiplier);
    }

    /// <summary>farmhash's <c>WeakHashLen32WithSeeds</c>.</summary>
    private static (ulong A, ulong B) Weak(ReadOnlySpan<byte> s, ulong a, ulong b)
    {
        ulong p = F64(s, 0), q = F64(s, 8), r = F64(s, 16), t = F64(s, 24);
        a += p;
        b = Rotate(b + a + t, 21);
        ulong c = a;
        a += q + r;
        b += Rotate(a, 44);
        return (a + t, b + c);
    }
}
