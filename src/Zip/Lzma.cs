namespace KerasCompat.Zip;

/// <summary>Decodes LZMA as zip holds it (APPNOTE 5.8): version, length of the properties, properties, raw LZMA1 data.</summary>
/// <remarks>Follows Igor Pavlov's LZMA specification (lzma-specification.txt, public domain), whose names it keeps.</remarks>
internal ref struct Lzma
{
    private const int States = 12;
    private const int PosBitsMax = 4;
    private const int LengthToPosStates = 4;
    private const int AlignBits = 4;
    private const int EndPosModelIndex = 14;
    private const int FullDistances = 1 << (EndPosModelIndex >> 1);
    private const int MatchMinLength = 2;
    private const uint EndMarker = 0xFFFFFFFF;

    /// <summary>Probabilities of a literal: a tree of 8 bits, and two more for what follows a match.</summary>
    private const int LiteralSize = 0x300;

    // A table of lengths: two choices, 16 trees of 3 bits, 16 trees of 3 bits, one tree of 8 bits.
    private const int LowLengths = 2, MidLengths = LowLengths + (16 << 3), HighLengths = MidLengths + (16 << 3), LengthTable = HighLengths + 256;

    private readonly int _lc, _lp, _pb;
    private readonly ushort[] _literals;
    private readonly ushort[] _isMatch = RangeDecoder.Fresh(States << PosBitsMax);
    private readonly ushort[] _isRep = RangeDecoder.Fresh(States);
    private readonly ushort[] _isRepG0 = RangeDecoder.Fresh(States);
    private readonly ushort[] _isRepG1 = RangeDecoder.Fresh(States);
    private readonly ushort[] _isRepG2 = RangeDecoder.Fresh(States);
    private readonly ushort[] _isRep0Long = RangeDecoder.Fresh(States << PosBitsMax);
    private readonly ushort[] _posSlots = RangeDecoder.Fresh(LengthToPosStates << 6);
    private readonly ushort[] _posDecoders = RangeDecoder.Fresh(1 + FullDistances - EndPosModelIndex);
    private readonly ushort[] _align = RangeDecoder.Fresh(1 << AlignBits);
    private readonly ushort[] _matchLengths = RangeDecoder.Fresh(LengthTable);
    private readonly ushort[] _repLengths = RangeDecoder.Fresh(LengthTable);
    private RangeDecoder _bits;
    private uint _rep0, _rep1, _rep2, _rep3;
    private int _state;

    private Lzma(ReadOnlySpan<byte> input, int at, int lc, int lp, int pb)
    {
        _bits = new RangeDecoder(input, at);
        (_lc, _lp, _pb) = (lc, lp, pb);
        _literals = RangeDecoder.Fresh(LiteralSize << (lc + lp));
    }

    /// <summary>Whether the last step was a match, after which a literal is coded against the byte that a longer match would have given.</summary>
    private readonly bool IsAfterMatch => _state >= 7;

    public static byte[] Decode(ReadOnlySpan<byte> packed, int length, string place)
    {
        // 2 bytes version, 2 bytes length of the properties (5), lc/lp/pb in one byte, dictionary size in four.
        if (packed.Length < 14 || packed[2] != 5 || packed[3] != 0 || packed[4] >= 9 * 5 * 5)
        {
            throw ZipEnd.Damaged(place, "an LZMA header that is none");
        }

        var output = new byte[length];
        var decoder = new Lzma(packed, 9, lc: packed[4] % 9, lp: packed[4] / 9 % 5, pb: packed[4] / 45);
        int written = decoder.Run(output);
        if (written < 0 || written < length)
        {
            throw ZipEnd.Damaged(place, "damaged LZMA data");
        }

        return output;
    }

    /// <summary>Returns the bytes written, or −1 where the data is damaged. The output is its own dictionary.</summary>
    private int Run(Span<byte> output)
    {
        int at = 0;
        while (at < output.Length)
        {
            if (_bits.IsExhausted)
            {
                return -1;
            }

            int posState = at & ((1 << _pb) - 1);
            if (_bits.Bit(ref _isMatch[(_state << PosBitsMax) + posState]) == 0)
            {
                if (IsAfterMatch && _rep0 >= at)
                {
                    return -1;
                }

                output[at] = NextLiteral(output, at);
                at++;
                continue;
            }

            int length;
            if (_bits.Bit(ref _isRep[_state]) != 0)
            {
                length = Repeat(posState);
            }
            else
            {
                length = Match(posState);
                if (_rep0 == EndMarker)
                {
                    return at;
                }
            }

            if (_rep0 >= at || length > output.Length - at)
            {
                return -1;
            }

            for (int from = at - (int)_rep0 - 1; length > 0; length--)
            {
                output[at++] = output[from++];
            }
        }

        return at;
    }

    private byte NextLiteral(ReadOnlySpan<byte> output, int at)
    {
        int previous = at > 0 ? output[at - 1] : 0;
        int context = ((at & ((1 << _lp) - 1)) << _lc) + (previous >> (8 - _lc));
        byte literal = Literal(_literals.AsSpan(LiteralSize * context, LiteralSize), IsAfterMatch ? output[at - (int)_rep0 - 1] : -1);
        _state = _state < 4 ? 0 : _state < 10 ? _state - 3 : _state - 6;
        return literal;
    }

    /// <summary>The length of a match at a new distance.</summary>
    private int Match(int posState)
    {
        (_rep1, _rep2, _rep3) = (_rep0, _rep1, _rep2);
        int length = Length(_matchLengths, posState);
        _state = _state < 7 ? 7 : 10;
        _rep0 = Distance(length);
        return length + MatchMinLength;
    }

    /// <summary>The length of a match at one of the last four distances, which becomes the last.</summary>
    private int Repeat(int posState)
    {
        if (_bits.Bit(ref _isRepG0[_state]) == 0)
        {
            if (_bits.Bit(ref _isRep0Long[(_state << PosBitsMax) + posState]) == 0)
            {
                _state = _state < 7 ? 9 : 11;
                return 1;
            }
        }
        else if (_bits.Bit(ref _isRepG1[_state]) == 0)
        {
            (_rep0, _rep1) = (_rep1, _rep0);
        }
        else if (_bits.Bit(ref _isRepG2[_state]) == 0)
        {
            (_rep0, _rep1, _rep2) = (_rep2, _rep0, _rep1);
        }
        else
        {
            (_rep0, _rep1, _rep2, _rep3) = (_rep3, _rep0, _rep1, _rep2);
        }

        int length = Length(_repLengths, posState);
        _state = _state < 7 ? 8 : 11;
        return length + MatchMinLength;
    }

    private byte Literal(Span<ushort> probabilities, int matchByte)
    {
        int symbol = 1;
        while (matchByte >= 0 && symbol < 0x100)
        {
            int matchBit = (matchByte >> 7) & 1;
            matchByte = (matchByte << 1) & 0xFF;
            int bit = _bits.Bit(ref probabilities[((1 + matchBit) << 8) + symbol]);
            symbol = (symbol << 1) | bit;
            if (matchBit != bit)
            {
                break;
            }
        }

        while (symbol < 0x100)
        {
            symbol = (symbol << 1) | _bits.Bit(ref probabilities[symbol]);
        }

        return (byte)symbol;
    }

    private int Length(ushort[] table, int posState)
    {
        if (_bits.Bit(ref table[0]) == 0)
        {
            return _bits.Tree(table.AsSpan(LowLengths + (posState << 3), 8), 3);
        }

        return _bits.Bit(ref table[1]) == 0
            ? 8 + _bits.Tree(table.AsSpan(MidLengths + (posState << 3), 8), 3)
            : 16 + _bits.Tree(table.AsSpan(HighLengths, 256), 8);
    }

    private uint Distance(int length)
    {
        int lengthState = Math.Min(length, LengthToPosStates - 1);
        int slot = _bits.Tree(_posSlots.AsSpan(lengthState << 6, 64), 6);
        if (slot < 4)
        {
            return (uint)slot;
        }

        int directBits = (slot >> 1) - 1;
        uint distance = (uint)(2 | (slot & 1)) << directBits;
        if (slot < EndPosModelIndex)
        {
            return distance + (uint)_bits.ReverseTree(_posDecoders.AsSpan((int)distance - slot), directBits);
        }

        return distance + (_bits.DirectBits(directBits - AlignBits) << AlignBits) + (uint)_bits.ReverseTree(_align, AlignBits);
    }
}
