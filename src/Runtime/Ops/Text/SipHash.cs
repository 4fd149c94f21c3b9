using System.Buffers.Binary;
using System.Numerics;

namespace KerasCompat.Runtime;

/// <summary>SipHash-2-4, the keyed hash behind TensorFlow's <c>to_hash_bucket_strong</c>.</summary>
/// <remarks>Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.</remarks>
internal static class SipHash
{
    public static ulong Hash(ulong key0, ulong key1, ReadOnlySpan<byte> s)
    {
        ulong v0 = key0 ^ 0x736f6d6570736575, v1 = key1 ^ 0x646f72616e646f6d;
        ulong v2 = key0 ^ 0x6c7967656e657261, v3 = key1 ^ 0x7465646279746573;
        int at = 0;
        for (; at + 8 <= s.Length; at += 8)
        {
            Absorb(BinaryPrimitives.ReadUInt64LittleEndian(s[at..]));
        }

        // The last word: what remains, and the length in its top byte.
        ulong last = (ulong)s.Length << 56;
        for (int i = at; i < s.Length; i++)
        {
            last |= (ulong)s[i] << (8 * (i - at));
        }

        Absorb(last);
        v2 ^= 0xff;
        for (int i = 0; i < 4; i++)
        {
            Round();
        }

        return v0 ^ v1 ^ v2 ^ v3;

        void Absorb(ulong word)
        {
            v3 ^= word;
            Round();
            Round();
            v0 ^= word;
        }

        void Round()
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
