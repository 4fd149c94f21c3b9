using System.Buffers.Binary;
using System.Text;

namespace KerasCompat.Text;

/// <summary>Reads the arguments of a pickle's opcodes and never past its end.</summary>
internal ref struct PickleBytes(ReadOnlySpan<byte> bytes, string place)
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly string _place = place;

    /// <summary>Where the next byte stands.</summary>
    public int At { get; private set; }

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>The one number that pickles hold big-endian.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>As many bytes as a length says.</summary>
    public ReadOnlySpan<byte> Take(ulong length) => length <= (ulong)(_bytes.Length - At)
        ? Take((int)length)
        : throw Wrong($"a value of {length} bytes where {_bytes.Length - At} are left", "a whole pickle");

    /// <summary>The head of a frame: a hint for readers of streams, but it must lie within the pickle, as in Python.</summary>
    public void Frame()
    {
        ulong length = UInt64();
        if (length > (ulong)(_bytes.Length - At))
        {
            throw Wrong($"a frame of {length} bytes where {_bytes.Length - At} are left", "a whole pickle");
        }
    }

    /// <summary>The bytes up to a line feed, which is skipped. Protocol 0 ends its arguments so.</summary>
    public ReadOnlySpan<byte> Line()
    {
        int length = _bytes[At..].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Wrong("a line without an end", "a whole pickle");
        }

        ReadOnlySpan<byte> line = _bytes.Slice(At, length);
        At += length + 1;
        return line;
    }

    public string Utf8Text(ReadOnlySpan<byte> text)
    {
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong("text that is not UTF-8", "UTF-8");
        }
    }

    /// <summary>A string of Python 2, which is text or bytes: text where it is UTF-8.</summary>
    public static object TextOrBytes(ReadOnlySpan<byte> value) => System.Text.Unicode.Utf8.IsValid(value) ? Utf8.GetString(value) : value.ToArray();

    public readonly ModelFormatException Wrong(string found, string? expected) =>
        new($"{_place}, byte {At}", found, expected, "save it anew; tokenizer.to_json() is safer than a pickle");

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _bytes.Length - At)
        {
            throw Wrong("the end of the file", "a whole pickle");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(At, length);
        At += length;
        return taken;
    }
}
