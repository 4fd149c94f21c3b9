namespace KerasCompat.Text;

internal sealed partial class PickleReader
{
    /// <summary>Numbers, text, the memo and the stack itself.</summary>
    private bool RunValue(byte opcode, ref PickleBytes input)
    {
        switch (opcode)
        {
            case 0x80: CheckProtocol(ref input); break; // PROTO
            case 0x95: input.Frame(); break;
            case (byte)'(': _stack.Mark(); break;
            case (byte)'0': PopOne(ref input); break; // POP
            case (byte)'1': PopToMark(ref input); break; // POP_MARK
            case (byte)'2': _stack.Push(Top(ref input)); break; // DUP
            case (byte)'N': _stack.Push(null); break;
            case 0x88: _stack.Push(true); break;
            case 0x89: _stack.Push(false); break;
            case (byte)'I': _stack.Push(Int(ref input)); break;
            case (byte)'L': _stack.Push(PickleNumbers.Decimal(input.Line()) ?? throw NoNumber(ref input)); break; // LONG
            case (byte)'J': _stack.Push((long)input.Int32()); break; // BININT
            case (byte)'K': _stack.Push((long)input.Byte()); break; // BININT1
            case (byte)'M': _stack.Push((long)input.UInt16()); break; // BININT2
            case 0x8A: _stack.Push(PickleNumbers.Binary(input.Take(input.Byte()))); break; // LONG1
            case 0x8B: _stack.Push(PickleNumbers.Binary(input.Take((ulong)input.UInt32()))); break; // LONG4
            case (byte)'F': _stack.Push(PickleNumbers.Float(input.Line()) ?? throw NoNumber(ref input)); break;
            case (byte)'G': _stack.Push(input.Double()); break; // BINFLOAT
            case (byte)'V': _stack.Push(PickleEscapes.RawUnicode(input.Line()) ?? throw input.Wrong("a malformed escape", "\\uXXXX or \\UXXXXXXXX")); break;
            case 0x8C: _stack.Push(input.Utf8Text(input.Take(input.Byte()))); break; // SHORT_BINUNICODE
            case (byte)'X': _stack.Push(input.Utf8Text(input.Take((ulong)input.UInt32()))); break; // BINUNICODE
            case 0x8D: _stack.Push(input.Utf8Text(input.Take(input.UInt64()))); break; // BINUNICODE8
            case (byte)'S': _stack.Push(PickleBytes.TextOrBytes(PickleEscapes.Quoted(input.Line()) ?? throw input.Wrong("a malformed string", "a quoted string"))); break; // STRING of Python 2
            case (byte)'U': _stack.Push(PickleBytes.TextOrBytes(input.Take(input.Byte()))); break; // SHORT_BINSTRING of Python 2
            case (byte)'T': _stack.Push(PickleBytes.TextOrBytes(input.Take((ulong)input.UInt32()))); break; // BINSTRING of Python 2
            case (byte)'C': _stack.Push(input.Take(input.Byte()).ToArray()); break; // SHORT_BINBYTES
            case (byte)'B': _stack.Push(input.Take((ulong)input.UInt32()).ToArray()); break; // BINBYTES
            case 0x8E or 0x96: _stack.Push(input.Take(input.UInt64()).ToArray()); break; // BINBYTES8, BYTEARRAY8
            case (byte)'p': _memo[Index(ref input)] = Top(ref input); break; // PUT
            case (byte)'q': _memo[input.Byte()] = Top(ref input); break; // BINPUT
            case (byte)'r': _memo[input.UInt32()] = Top(ref input); break; // LONG_BINPUT
            case 0x94: _memo[_memo.Count] = Top(ref input); break; // MEMOIZE
            case (byte)'g': Get(Index(ref input), ref input); break;
            case (byte)'h': Get(input.Byte(), ref input); break; // BINGET
            case (byte)'j': Get(input.UInt32(), ref input); break; // LONG_BINGET
            default: return false;
        }

        return true;
    }

    private static void CheckProtocol(ref PickleBytes input)
    {
        if (input.Byte() is > 5 and var protocol)
        {
            throw input.Wrong($"protocol {protocol}", "a protocol of 0 to 5");
        }
    }

    private static ModelFormatException NoNumber(ref PickleBytes input) => input.Wrong("text that is no number", $"a number of at most {PickleNumbers.MaxDigits} digits");

    /// <summary>Protocol 0 writes True as I01 and False as I00.</summary>
    private static object Int(ref PickleBytes input)
    {
        ReadOnlySpan<byte> line = input.Line();
        return line.SequenceEqual("01"u8) ? true
            : line.SequenceEqual("00"u8) ? false
            : PickleNumbers.Decimal(line) ?? throw NoNumber(ref input);
    }

    private static long Index(ref PickleBytes input) => PickleNumbers.Decimal(input.Line()) is long index and >= 0 ? index : throw NoNumber(ref input);

    private void PopOne(ref PickleBytes input)
    {
        // With nothing above the mark POP takes the mark.
        if (_stack is { Count: 0, HasMark: true })
        {
            _stack.PopToMark();
        }
        else
        {
            Pop(ref input);
        }
    }

    private void Get(long index, ref PickleBytes input) =>
        _stack.Push(_memo.TryGetValue(index, out object? value) ? value : throw input.Wrong($"memo entry {index}, which was never put", "an entry put before"));
}
