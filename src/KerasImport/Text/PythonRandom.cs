using System.Numerics;

namespace KerasCompat.Text;

/// <summary>CPython's <c>random</c>: the Mersenne Twister MT19937 and what Python draws from it, number for number.</summary>
/// <remarks>
/// Matsumoto and Nishimura, "Mersenne Twister", 1998; seeding by <c>init_by_array</c> and the methods as in CPython's
/// <c>Modules/_randommodule.c</c> and <c>Lib/random.py</c> (Python 3.2 and later).
/// </remarks>
public sealed class PythonRandom
{
    private const int Length = 624;
    private const int Shift = 397;

    private readonly uint[] _state = new uint[Length];
    private int _next = Length;

    /// <summary>Numbers as after <c>random.seed(seed)</c>.</summary>
    public PythonRandom(long seed)
    {
        ulong magnitude = seed < 0 ? (ulong)-seed : (ulong)seed;
        uint low = (uint)magnitude, high = (uint)(magnitude >> 32);
        Seed(high == 0 ? [low] : [low, high]);
    }

    /// <summary>A number of [0, 1) with 53 bits: <c>random.random()</c>.</summary>
    public double Random() => (((Next() >> 5) * 67108864.0) + (Next() >> 6)) / 9007199254740992.0;

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included: <c>random.randint</c>.</summary>
    /// <exception cref="ArgumentException">There is no such number.</exception>
    public int RandInt(int low, int high) => high < low
        ? throw new ArgumentException($"There is no number from {low} to {high}.", nameof(high))
        : low + (int)Below((uint)(high - low) + 1);

    /// <summary>Shuffles in place: <c>random.shuffle</c>.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)Below((uint)i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Draws as many bits as <paramref name="bound"/> has until they are below it.</summary>
    private uint Below(uint bound)
    {
        int bits = 32 - BitOperations.LeadingZeroCount(bound);
        uint drawn;
        do
        {
            drawn = Next() >> (32 - bits);
        }
        while (drawn >= bound);
        return drawn;
    }

    private void Seed(uint[] key)
    {
        _state[0] = 19650218;
        for (int n = 1; n < Length; n++)
        {
            _state[n] = (1812433253 * (_state[n - 1] ^ (_state[n - 1] >> 30))) + (uint)n;
        }

        int i = 1, j = 0;
        for (int k = 0; k < Length; k++)
        {
            _state[i] = (_state[i] ^ ((_state[i - 1] ^ (_state[i - 1] >> 30)) * 1664525)) + key[j] + (uint)j;
            j = (j + 1) % key.Length;
            Advance(ref i);
        }

        for (int k = 1; k < Length; k++)
        {
            _state[i] = (_state[i] ^ ((_state[i - 1] ^ (_state[i - 1] >> 30)) * 1566083941)) - (uint)i;
            Advance(ref i);
        }

        _state[0] = 0x80000000;
    }

    private void Advance(ref int i)
    {
        if (++i == Length)
        {
            _state[0] = _state[Length - 1];
            i = 1;
        }
    }

    private uint Next()
    {
        if (_next == Length)
        {
            for (int i = 0; i < Length; i++)
            {
                uint y = (_state[i] & 0x80000000) | (_state[(i + 1) % Length] & 0x7FFFFFFF);
                _state[i] = _state[(i + Shift) % Length] ^ (y >> 1) ^ ((y & 1) * 0x9908B0DF);
            }

            _next = 0;
        }

        uint x = _state[_next++];
        x ^= x >> 11;
        x ^= (x << 7) & 0x9D2C5680;
        x ^= (x << 15) & 0xEFC60000;
        return x ^ (x >> 18);
    }
}
