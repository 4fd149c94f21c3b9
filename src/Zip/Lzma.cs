namespace KerasCompat.Zip;

/// <summary>Decodes LZMA as zip holds it (APPNOTE 5.8): version, length of the properties, properties, raw LZMA1 data.</summary>
/// <remarks>Follows Igor Pavlov's LZMA specification (lzma-specification.txt, public domain), whose names it keeps.</remarks>
internal ref struct Lzma
{
    private const int ProbabilityBits = 11;
    private const int MoveBits = 5;
    private const int States = 12;
    private const int PosBitsMax = 4;
    private const int LengthToPosStates = 4;
    private const int AlignBits = 4;
    private const int EndPosModelIndex = 14;
    private const int FullDistances = 1 << (EndPosModelIndex >> 1);
    private const int MatchMinLength = 2;

    private readonly ReadOnlySpan<byte> _input;
    private int _at;
    private uint _range = 0xFFFFFFFF;
    private uint _code;

    private Lzma(ReadOnlySpan<byte> input, int at)
    {
        _input = input;
        _at = at + 1; // the range coder's first byte is 0
        for (int i = 0; i < 4; i++)
        {
            _code = (_code << 8) | NextByte();
        }
    }

    public static byte[] Decode(ReadOnlySpan<byte> packed, int length, string place)
    {
        // 2 bytes version, 2 bytes length of the properties (5), lc/lp/pb in one byte, dictionary size in four.
        if (packed.Length < 14 || packed[2] != 5 || packed[3] != 0 || packed[4] >= 9 * 5 * 5)
        {
            throw ZipEnd.Damaged(place, "an LZMA header that is none");
        }

        int lc = packed[4] % 9;
        int lp = packed[4] / 9 % 5;
        int pb = packed[4] / 45;
        var output = new byte[length];
        int written = new Lzma(packed, 9).Run(output, lc, lp, pb);
        if (written < 0 || written < length)
        {
            throw ZipEnd.Damaged(place, "damaged LZMA data");
        }

        return output;
    }

    /// <summary>Returns the bytes written, or −1 where the data is damaged. The output is its own dictionary.</summary>
    private int Run(Span<byte> output, int lc, int lp, int pb)
    {
        ushort[] literals = Fresh(0x300 << (lc + lp));
        ushort[] isMatch = Fresh(States << PosBitsMax);
        ushort[] isRep = Fresh(States);
        ushort[] isRepG0 = Fresh(States);
        ushort[] isRepG1 = Fresh(States);
        ushort[] isRepG2 = Fresh(States);
        ushort[] isRep0Long = Fresh(States << PosBitsMax);
        ushort[] posSlots = Fresh(LengthToPosStates << 6);
        ushort[] posDecoders = Fresh(1 + FullDistances - EndPosModelIndex);
        ushort[] align = Fresh(1 << AlignBits);
        ushort[] matchLengths = Fresh(2 + (16 << 3) + (16 << 3) + 256);
        ushort[] repLengths = Fresh(2 + (16 << 3) + (16 << 3) + 256);
        uint rep0 = 0, rep1 = 0, rep2 = 0, rep3 = 0;
        int state = 0;
        int at = 0;
        while (at < output.Length)
        {
            if (_at > _input.Length + 4)
            {
                return -1;
            }

            int posState = at & ((1 << pb) - 1);
            if (Bit(ref isMatch[(state << PosBitsMax) + posState]) == 0)
            {
                int previous = at > 0 ? output[at - 1] : 0;
                int context = ((at & ((1 << lp) - 1)) << lc) + (previous >> (8 - lc));
                Span<ushort> probabilities = literals.AsSpan(0x300 * context, 0x300);
                if (state >= 7 && rep0 >= at)
                {
                    return -1;
                }

                output[at] = Literal(probabilities, state >= 7 ? output[at - (int)rep0 - 1] : -1);
                at++;
                state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
                continue;
            }

            int length;
            if (Bit(ref isRep[state]) != 0)
            {
                if (at == 0)
                {
                    return -1;
                }

                if (Bit(ref isRepG0[state]) == 0)
                {
                    if (Bit(ref isRep0Long[(state << PosBitsMax) + posState]) == 0)
                    {
                        if (rep0 >= at)
                        {
                            return -1;
                        }

                        output[at] = output[at - (int)rep0 - 1];
                        at++;
                        state = state < 7 ? 9 : 11;
                        continue;
                    }
                }
                else
                {
                    uint distance;
                    if (Bit(ref isRepG1[state]) == 0)
                    {
                        distance = rep1;
                    }
                    else
                    {
                        if (Bit(ref isRepG2[state]) == 0)
                        {
                            distance = rep2;
                        }
                        else
                        {
                            distance = rep3;
                            rep3 = rep2;
                        }

                        rep2 = rep1;
                    }

                    rep1 = rep0;
                    rep0 = distance;
                }

                length = Length(repLengths, posState);
                state = state < 7 ? 8 : 11;
            }
            else
            {
                rep3 = rep2;
                rep2 = rep1;
                rep1 = rep0;
                length = Length(matchLengths, posState);
                state = state < 7 ? 7 : 10;
                rep0 = Distance(length, posSlots, posDecoders, align);
                if (rep0 == 0xFFFFFFFF)
                {
                    return at; // the end marker
                }
            }

            length += MatchMinLength;
            if (rep0 >= at || length > output.Length - at)
            {
                return -1;
            }

            for (int from = at - (int)rep0 - 1; length > 0; length--)
            {
                output[at++] = output[from++];
            }
        }

        return at;
    }

    private static ushort[] Fresh(int count)
    {
        var probabilities = new ushort[count];
        Array.Fill(probabilities, (ushort)(1 << (ProbabilityBits - 1)));
        return probabilities;
    }

    /// <summary>Past the end the input reads as zeros; the loop notices and stops.</summary>
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

    private int Bit(ref ushort probability)
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

    private uint DirectBits(int count)
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

    private int Tree(Span<ushort> probabilities, int bits)
    {
        int m = 1;
        for (int i = 0; i < bits; i++)
        {
            m = (m << 1) + Bit(ref probabilities[m]);
        }

        return m - (1 << bits);
    }

    private int ReverseTree(Span<ushort> probabilities, int bits)
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

    private byte Literal(Span<ushort> probabilities, int matchByte)
    {
        int symbol = 1;
        while (matchByte >= 0 && symbol < 0x100)
        {
            int matchBit = (matchByte >> 7) & 1;
            matchByte = (matchByte << 1) & 0xFF;
            int bit = Bit(ref probabilities[((1 + matchBit) << 8) + symbol]);
            symbol = (symbol << 1) | bit;
            if (matchBit != bit)
            {
                break;
            }
        }

        while (symbol < 0x100)
        {
            symbol = (symbol << 1) | Bit(ref probabilities[symbol]);
        }

        return (byte)symbol;
    }

    /// <summary>The table holds: two choices, 16 trees of 3 bits, 16 trees of 3 bits, one tree of 8 bits.</summary>
    private int Length(ushort[] table, int posState)
    {
        if (Bit(ref table[0]) == 0)
        {
            return Tree(table.AsSpan(2 + (posState << 3), 8), 3);
        }

        return Bit(ref table[1]) == 0
            ? 8 + Tree(table.AsSpan(2 + 128 + (posState << 3), 8), 3)
            : 16 + Tree(table.AsSpan(2 + 256, 256), 8);
    }

    private uint Distance(int length, ushort[] posSlots, ushort[] posDecoders, ushort[] align)
    {
        int lengthState = Math.Min(length, LengthToPosStates - 1);
        int slot = Tree(posSlots.AsSpan(lengthState << 6, 64), 6);
        if (slot < 4)
        {
            return (uint)slot;
        }

        int directBits = (slot >> 1) - 1;
        uint distance = (uint)(2 | (slot & 1)) << directBits;
        if (slot < EndPosModelIndex)
        {
            return distance + (uint)ReverseTree(posDecoders.AsSpan((int)distance - slot), directBits);
        }

        return distance + (DirectBits(directBits - AlignBits) << AlignBits) + (uint)ReverseTree(align, AlignBits);
    }
}
