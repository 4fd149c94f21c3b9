using System.Text;

namespace KerasCompat.Protobuf;

/// <summary>Reads the fields of a message in protobuf's wire format; what nobody asks for is skipped without being read.</summary>
/// <remarks>The format: protobuf.dev/programming-guides/encoding.</remarks>
internal sealed class ProtoReader
{
    private const int VarintType = 0, Fixed64Type = 1, LengthType = 2, Fixed32Type = 5;

    private readonly Stream _stream;
    private readonly long _end;
    private readonly string _place;
    private readonly string _expected;
    private long _next;
    private int _type;

    /// <summary>Begins a message where the stream stands.</summary>
    /// <param name="stream">Holds the message; seekable.</param>
    /// <param name="end">Where the message ends.</param>
    /// <param name="place">The file's name, for messages.</param>
    /// <param name="expected">What the message is one of, for messages: <c>an ONNX model</c>.</param>
    public ProtoReader(Stream stream, long end, string place, string expected)
    {
        (_stream, _end, _place, _expected) = (stream, end, place, expected);
        _next = stream.Position;
    }

    /// <summary>Length of the value of the field that was met last, where it is bytes, a text or a message.</summary>
    public long Length { get; private set; }

    /// <summary>A message in memory.</summary>
    public static ProtoReader Of(byte[] message, string place, string expected) => new(new MemoryStream(message, writable: false), message.Length, place, expected);

    /// <summary>Goes to the next field and gives its number; 0 at the end.</summary>
    /// <exception cref="ModelFormatException">There is no field of protobuf's.</exception>
    public int NextField()
    {
        _stream.Position = _next;
        if (_next == _end)
        {
            return 0;
        }

        ulong tag = Varint();
        _type = (int)(tag & 7);
        Length = _type switch
        {
            VarintType => VarintLength(),
            Fixed64Type => sizeof(ulong),
            LengthType => checked((long)Math.Min(Varint(), long.MaxValue)),
            Fixed32Type => sizeof(uint),
            _ => throw Damaged($"wire type {_type}"),
        };
        if (tag >> 3 is 0 or > int.MaxValue || Length > _end - _stream.Position)
        {
            throw Damaged($"field {tag >> 3} of {Length} bytes, {_end - _stream.Position} before the end");
        }

        _next = _stream.Position + Length;
        return (int)(tag >> 3);
    }

    /// <summary>The value of the field that was met last, an integer, an enumeration or a truth value.</summary>
    /// <exception cref="ModelFormatException">It is of another type.</exception>
    public long Integer()
    {
        Expect(VarintType);
        return (long)Varint();
    }

    /// <summary>The values of the field that was met last, integers that may stand side by side; read them before going on.</summary>
    /// <exception cref="ModelFormatException">They are of another type.</exception>
    public IEnumerable<long> Integers()
    {
        if (_type == VarintType)
        {
            yield return Integer();
            yield break;
        }

        Expect(LengthType);
        while (_stream.Position < _next)
        {
            yield return (long)Varint();
        }
    }

    /// <summary>The value of the field that was met last, four bytes.</summary>
    /// <exception cref="ModelFormatException">It is of another type.</exception>
    public uint Fixed32()
    {
        Expect(Fixed32Type);
        uint value = 0;
        for (int shift = 0; shift < 32; shift += 8)
        {
            value |= (uint)_stream.ReadByte() << shift;
        }

        return value;
    }

    /// <summary>The value of the field that was met last, bytes.</summary>
    /// <exception cref="ModelFormatException">It is of another type.</exception>
    /// <exception cref="ResourceLimitException">It is longer than any array.</exception>
    public byte[] Bytes() => Bytes(Array.MaxLength);

    /// <summary>The value of the field that was met last, at most so many bytes.</summary>
    /// <exception cref="ModelFormatException">It is of another type.</exception>
    /// <exception cref="ResourceLimitException">It is longer.</exception>
    public byte[] Bytes(long most)
    {
        Expect(LengthType);
        if (Length > Math.Min(most, Array.MaxLength))
        {
            throw new ResourceLimitException(_place, $"a value of {Length} bytes", $"at most {Math.Min(most, Array.MaxLength)}");
        }

        byte[] bytes = new byte[Length];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The value of the field that was met last, a text.</summary>
    /// <exception cref="ModelFormatException">It is of another type.</exception>
    /// <exception cref="ResourceLimitException">It is longer than any array.</exception>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>The value of the field that was met last, a message.</summary>
    /// <exception cref="ModelFormatException">It is of another type.</exception>
    public ProtoReader Message()
    {
        Expect(LengthType);
        return new ProtoReader(_stream, _stream.Position + Length, _place, _expected);
    }

    private void Expect(int type)
    {
        if (_type != type)
        {
            throw Damaged($"a field of wire type {_type} where one of type {type} belongs");
        }
    }

    private long VarintLength()
    {
        long start = _stream.Position;
        Varint();
        long length = _stream.Position - start;
        _stream.Position = start;
        return length;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = _stream.Position < _end ? _stream.ReadByte() : -1;
            if (next < 0)
            {
                throw Damaged("the end of the file within a number");
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged("a number of more than 64 bits");
    }

    private ModelFormatException Damaged(string found) => new(_place, found, $"fields of {_expected}", "copy or download the file again");
}
