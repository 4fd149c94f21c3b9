using System.Text;

namespace KerasCompat.Onnx.Protobuf;

/// <summary>Reads the fields of a message in protobuf's wire format; what nobody asks for is skipped without being read.</summary>
/// <param name="stream">Holds the message; seekable.</param>
/// <param name="end">Where the message ends.</param>
/// <param name="name">The file's name, for messages.</param>
internal sealed class ProtoReader(Stream stream, long end, string name)
{
    private const int VarintType = 0, Fixed64Type = 1, LengthType = 2, Fixed32Type = 5;

    private long _next = stream.Position;

    /// <summary>Length of the value of the field that was met last, where it is bytes, a text or a message.</summary>
    public long Length { get; private set; }

    /// <summary>Goes to the next field and gives its number; 0 at the end.</summary>
    /// <exception cref="ModelFormatException">There is no field of protobuf's.</exception>
    public int NextField()
    {
        stream.Position = _next;
        if (_next == end)
        {
            return 0;
        }

        ulong tag = Varint();
        Length = (tag & 7) switch
        {
            VarintType => VarintLength(),
            Fixed64Type => sizeof(ulong),
            LengthType => checked((long)Math.Min(Varint(), long.MaxValue)),
            Fixed32Type => sizeof(uint),
            _ => throw Damaged($"wire type {tag & 7}"),
        };
        if (tag >> 3 is 0 or > int.MaxValue || Length > end - stream.Position)
        {
            throw Damaged($"field {tag >> 3} of {Length} bytes, {end - stream.Position} before the end");
        }

        _next = stream.Position + Length;
        return (int)(tag >> 3);
    }

    /// <summary>The value of the field that was met last, a text.</summary>
    /// <exception cref="ResourceLimitException">It is longer than any array.</exception>
    public string Text()
    {
        if (Length > Array.MaxLength)
        {
            throw new ResourceLimitException(name, $"a text of {Length} bytes", $"at most {Array.MaxLength}");
        }

        byte[] bytes = new byte[Length];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The value of the field that was met last, a message.</summary>
    public ProtoReader Message() => new(stream, stream.Position + Length, name);

    private long VarintLength()
    {
        long start = stream.Position;
        Varint();
        long length = stream.Position - start;
        stream.Position = start;
        return length;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = stream.Position < end ? stream.ReadByte() : -1;
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

    private ModelFormatException Damaged(string found) => new(name, found, "fields of an ONNX model", "copy or download the file again");
}
