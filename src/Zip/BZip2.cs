namespace KerasCompat.Zip;

/// <summary>Decodes bzip2: blocks of Huffman codes over move-to-front ranks over a Burrows–Wheeler transform over run lengths.</summary>
/// <remarks>The format as Joe Tsai's "BZIP2: Format Specification" writes it down.</remarks>
internal sealed class BZip2
{
    private const ulong BlockMagic = 0x314159265359;
    private const ulong EndMagic = 0x177245385090;
    private const int MaxCodeLength = 20;
    private const int GroupSize = 50;

    private readonly byte[] _input;
    private readonly byte[] _output;
    private readonly string _place;
    private long _bit;
    private int _written;

    private BZip2(byte[] input, int length, string place)
    {
        _input = input;
        _output = new byte[length];
        _place = place;
    }

    public static byte[] Decode(byte[] packed, int length, string place)
    {
        var decoder = new BZip2(packed, length, place);
        decoder.Run();
        return decoder._output;
    }

    private void Run()
    {
        if (_input.Length < 4 || !_input.AsSpan().StartsWith("BZh"u8) || _input[3] is < (byte)'1' or > (byte)'9')
        {
            throw Damaged();
        }

        _bit = 32;
        var block = new int[(_input[3] - '0') * 100_000];
        for (ulong magic = Bits48(); magic != EndMagic; magic = Bits48())
        {
            if (magic != BlockMagic)
            {
                throw Damaged();
            }

            Block(block);
        }

        if (_written < _output.Length)
        {
            throw Damaged();
        }
    }

    private void Block(int[] block)
    {
        Bits(32); // the block's checksum; the zip member has one of its own
        if (Bits(1) != 0)
        {
            throw Damaged(); // randomised: written by no version since 0.9.5
        }

        int origin = Bits(24);
        byte[] symbols = UsedBytes();
        (int[] selectors, Code[] codes) = Codes(symbols.Length + 2);
        int count = Ranks(block, symbols, selectors, codes);
        if (origin >= count)
        {
            throw Damaged();
        }

        Untransform(block.AsSpan(0, count), origin);
    }

    /// <summary>A map of 16 × 16 bits: which byte values occur.</summary>
    private byte[] UsedBytes()
    {
        int ranges = Bits(16);
        var used = new List<byte>();
        for (int range = 0; range < 16; range++)
        {
            int map = (ranges >> (15 - range) & 1) != 0 ? Bits(16) : 0;
            for (int i = 0; i < 16; i++)
            {
                if ((map >> (15 - i) & 1) != 0)
                {
                    used.Add((byte)((range * 16) + i));
                }
            }
        }

        return used.Count > 0 ? [.. used] : throw Damaged();
    }

    private (int[] Selectors, Code[] Codes) Codes(int alphabet)
    {
        int tables = Bits(3);
        int groups = Bits(15);
        if (tables is < 2 or > 6 || groups == 0)
        {
            throw Damaged();
        }

        Span<int> order = stackalloc int[tables];
        for (int i = 0; i < tables; i++)
        {
            order[i] = i;
        }

        var selectors = new int[groups];
        for (int i = 0; i < groups; i++)
        {
            int rank = 0;
            while (Bits(1) != 0)
            {
                if (++rank >= tables)
                {
                    throw Damaged();
                }
            }

            int table = order[rank];
            order[..rank].CopyTo(order[1..]);
            selectors[i] = order[0] = table;
        }

        var codes = new Code[tables];
        var lengths = new int[alphabet];
        for (int t = 0; t < tables; t++)
        {
            int length = Bits(5);
            for (int symbol = 0; symbol < alphabet; symbol++)
            {
                while (true)
                {
                    if (length is < 1 or > MaxCodeLength)
                    {
                        throw Damaged();
                    }

                    if (Bits(1) == 0)
                    {
                        break;
                    }

                    length += Bits(1) == 0 ? 1 : -1;
                }

                lengths[symbol] = length;
            }

            codes[t] = new Code(lengths);
        }

        return (selectors, codes);
    }

    /// <summary>Undoes Huffman, zero runs and move-to-front; returns how many bytes the block has.</summary>
    private int Ranks(int[] block, byte[] symbols, int[] selectors, Code[] codes)
    {
        int end = symbols.Length + 1;
        int count = 0;
        long run = 0;
        long weight = 1;
        for (int group = 0; group < selectors.Length; group++)
        {
            Code code = codes[selectors[group]];
            for (int i = 0; i < GroupSize; i++)
            {
                int symbol = Symbol(code);
                if (symbol <= 1)
                {
                    // RUNA and RUNB are the digits 1 and 2 of a number in base 2, lowest first.
                    run += weight << symbol;
                    weight <<= 1;
                    if (run > block.Length)
                    {
                        throw Damaged();
                    }

                    continue;
                }

                if (run > block.Length - count)
                {
                    throw Damaged();
                }

                block.AsSpan(count, (int)run).Fill(symbols[0]);
                count += (int)run;
                run = 0;
                weight = 1;
                if (symbol == end)
                {
                    return count;
                }

                if (count == block.Length)
                {
                    throw Damaged();
                }

                byte value = symbols[symbol - 1];
                Array.Copy(symbols, 0, symbols, 1, symbol - 1);
                symbols[0] = value;
                block[count++] = value;
            }
        }

        throw Damaged();
    }

    /// <summary>Undoes the Burrows–Wheeler transform and the run lengths: four equal bytes are followed by how often the byte repeats.</summary>
    private void Untransform(Span<int> block, int origin)
    {
        Span<int> start = stackalloc int[256];
        start.Clear();
        foreach (int value in block)
        {
            start[value & 255]++;
        }

        for (int i = 0, sum = 0; i < 256; i++)
        {
            (start[i], sum) = (sum, sum + start[i]);
        }

        for (int i = 0; i < block.Length; i++)
        {
            block[start[block[i] & 255]++] |= i << 8; // the low byte is the value, the rest the next position
        }

        int at = block[origin] >> 8;
        int previous = -1;
        int equal = 0;
        for (int i = 0; i < block.Length; i++)
        {
            int value = block[at] & 255;
            at = block[at] >> 8;
            if (equal == 4)
            {
                Put((byte)previous, value);
                equal = 0;
                previous = -1;
                continue;
            }

            equal = value == previous ? equal + 1 : 1;
            previous = value;
            Put((byte)value, 1);
        }
    }

    private void Put(byte value, int times)
    {
        if (times > _output.Length - _written)
        {
            throw Damaged();
        }

        _output.AsSpan(_written, times).Fill(value);
        _written += times;
    }

    private int Symbol(Code code)
    {
        int bits = 0;
        for (int length = 1; length <= MaxCodeLength; length++)
        {
            bits = (bits << 1) | Bits(1);
            int symbol = code.Find(bits, length);
            if (symbol >= 0)
            {
                return symbol;
            }
        }

        throw Damaged();
    }

    private ulong Bits48() => ((ulong)(uint)Bits(24) << 24) | (uint)Bits(24);

    private int Bits(int count)
    {
        if (_bit + count > 8L * _input.Length)
        {
            throw Damaged();
        }

        int value = 0;
        for (; count > 0; count--, _bit++)
        {
            value = (value << 1) | (_input[_bit >> 3] >> (7 - (int)(_bit & 7)) & 1);
        }

        return value;
    }

    private ModelFormatException Damaged() => ZipEnd.Damaged(_place, "damaged bzip2 data");

    /// <summary>A canonical Huffman code: codes of one length are consecutive numbers, in the order of the symbols.</summary>
    private sealed class Code
    {
        private readonly int[] _first = new int[MaxCodeLength + 1];
        private readonly int[] _index = new int[MaxCodeLength + 2];
        private readonly int[] _symbols;

        public Code(int[] lengths)
        {
            _symbols = new int[lengths.Length];
            int filled = 0;
            int code = 0;
            for (int length = 1; length <= MaxCodeLength; length++)
            {
                _first[length] = code;
                _index[length] = filled;
                for (int symbol = 0; symbol < lengths.Length; symbol++)
                {
                    if (lengths[symbol] == length)
                    {
                        _symbols[filled++] = symbol;
                        code++;
                    }
                }

                code <<= 1;
            }

            _index[MaxCodeLength + 1] = filled;
        }

        public int Find(int bits, int length)
        {
            int offset = bits - _first[length];
            return offset >= 0 && offset < _index[length + 1] - _index[length] ? _symbols[_index[length] + offset] : -1;
        }
    }
}
