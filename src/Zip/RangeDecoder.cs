namespace KerasCompat.Zip;

/// <summary>LZMA's arithmetic decoder: bits by probabilities that follow what was read.</summary>
/// <remarks>Follows Igor Pavlov's LZMA specification (lzma-specification.txt, public domain), whose names it keeps.</remarks>
internal ref struct RangeDecoder
{
    private const int ProbabilityBits = 11;
    private const int MoveBits = 5;

    /// <summary>Bytes by which the decoder reads ahead of what it has decoded.</summary>
    private const int Ahead = 4;

    private readonly ReadOnlySpan<byte> _input;
    private int _at;
    private uint _range = 0xFFFFFFFF;
    private uint _code;

    public RangeDecoder(ReadOnlySpan<byte> input, int at)
    {
        _input = input;
        _at = at + 1; // the first byte is 0
        for (int i = 0; i < Ahead; i++)
        {
            _code = (_code << 8) | NextByte();
        }
    }

    /// <summary>Whether more has been decoded than the input holds.</summary>
    public readonly bool IsExhausted => _at > _input.Length + Ahead;

    /// <summary>Probabilities of one half.</summary>
    public static ushort[] Fresh(int count)
    {
        var probabilities = new ushort[count];
        Array.Fill(probabilities, (ushort)(1 << (ProbabilityBits - 1)));
        return probabilities;
    }

    /// <summary>A bit, and its probability moved towards it.</summary>
    public int Bit(ref ushort probability)
    {
        uint bound = (_range >> ProbabilityBits) * probability;
        int bit;
        if (_code < bound)
        {
            probability += (ushort)(((1 << ProbabilityBits) - probability) >> MoveBits);
            _range = bound;
            bit = 0;
        }
        else
        {
            probability -= (ushort)(probability >> MoveBits);
            _code -= bound;
            _range -= bound;
            bit = 1;
        }

        Normalize();
        return bit;
    }

    /// <summary>Bits of even chances, the highest first.</summary>
    public uint DirectBits(int count)
    {
        uint result = 0;
        for (; count > 0; count--)
        {
            _range >>= 1;
            _code -= _range;
            uint t = 0 - (_code >> 31);
            _code += _range & t;
            Normalize();
            result = (result << 1) + t + 1;
        }

        return result;
    }

    /// <summary>A number of so many bits, the highest first, each with a probability for what came before it.</summary>
    public int Tree(Span<ushort> probabilities, int bits)
    {
        int m = 1;
        for (int i = 0; i < bits; i++)
        {
            m = (m << 1) + Bit(ref probabilities[m]);
        }

        return m - (1 << bits);
    }

    /// <summary>The same with the lowest bit first.</summary>
    public int ReverseTree(Span<ushort> probabilities, int bits)
    {
        int m = 1;
        int symbol = 0;
        for (int i = 0; i < bits; i++)
        {
            int bit = Bit(ref probabilities[m]);
            m = (m << 1) + bit;
            symbol |= bit << i;
        }

        return symbol;
    }

    /// <summary>Past the end the input reads as zeros; <see cref="IsExhausted"/> says so.</summary>
    private byte NextByte()
    {
        int at = _at++;
        return at < _input.Length ? _input[at] : (byte)0;
    }

    private void Normalize()
    {
        if (_range < 1u << 24)
        {
            _range <<= 8;
            _code = (_code << 8) | NextByte();
        }
    }
}
