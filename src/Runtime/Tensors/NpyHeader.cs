using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace KerasCompat.Runtime;

/// <summary>The header of a <c>.npy</c> file, versions 1.0 to 3.0 (numpy.lib.format).</summary>
/// <remarks>
/// <c>\x93NUMPY</c>, major, minor, the length of the text (2 bytes in version 1, 4 after), then a Python dict of
/// <c>descr</c>, <c>fortran_order</c> and <c>shape</c>, padded with blanks to a multiple of 64 and ended by a newline.
/// </remarks>
internal sealed record NpyHeader(NpyElement Element, bool FortranOrder, long[] Dims)
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static NpyHeader Read(Stream stream, string place, ReadLimits limits)
    {
        Span<byte> start = stackalloc byte[8];
        Fill(stream, start, place);
        if (!start[..6].SequenceEqual(Magic))
        {
            throw new ModelFormatException(place, "something that does not begin as a .npy file", "the bytes \\x93NUMPY");
        }

        if (start[6] is < 1 or > 3)
        {
            throw new ModelFormatException(place, $".npy version {start[6]}.{start[7]}", "version 1, 2 or 3");
        }

        Span<byte> lengthBytes = stackalloc byte[4];
        lengthBytes.Clear();
        Fill(stream, start[6] == 1 ? lengthBytes[..2] : lengthBytes, place);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        long most = Math.Min(limits.MaxMetadataBytes, 1 << 20);
        if (length > most)
        {
            throw new ResourceLimitException(place, $"a header of {length} bytes", $"at most {most}");
        }

        var text = new byte[length];
        Fill(stream, text, place);
        return Parse(start[6] == 3 ? Encoding.UTF8.GetString(text) : Encoding.Latin1.GetString(text), place);
    }

    public static byte[] Format(DType dtype, int textLength, Shape shape)
    {
        string text = $"{{'descr': '{NpyElement.Format(dtype, textLength)}', 'fortran_order': False, 'shape': {shape}, }}";
        int length = (10 + text.Length + 1 + 63) / 64 * 64;
        if (length - 10 > ushort.MaxValue)
        {
            throw new ArgumentException($"A shape of {shape.Rank} axes is more than a .npy header holds.", nameof(shape));
        }

        var bytes = new byte[length];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(length - 10));
        bytes.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(10));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private static void Fill(Stream stream, Span<byte> target, string place)
    {
        int read = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        if (read < target.Length)
        {
            throw new ModelFormatException(place, "a .npy file that ends within its header", remedy: "the file is cut short: copy or download it again");
        }
    }

    private static NpyHeader Parse(string text, string place)
    {
        var literal = new NpyLiteral(text, place);
        string? descr = null;
        bool? fortran = null;
        long[]? dims = null;
        foreach (string key in literal.DictKeys())
        {
            switch (key)
            {
                case "descr": descr = literal.Text(); break;
                case "fortran_order": fortran = literal.Bool(); break;
                case "shape": dims = literal.Tuple(); break;
                default: throw literal.Wrong($"key '{key}'", "descr, fortran_order and shape");
            }
        }

        if (descr is null || fortran is null || dims is null)
        {
            throw literal.Wrong("a header without one of its keys", "descr, fortran_order and shape");
        }

        return new NpyHeader(NpyElement.Parse(descr, place), fortran.Value, dims);
    }

    /// <summary>The elements, and their bytes in the file, checked against the limits and what a tensor can hold.</summary>
    public (Shape Shape, long Bytes) Size(string place, ReadLimits limits)
    {
        string found = $"an array of shape ({string.Join(", ", Dims)})";
        UInt128 count = 1;
        foreach (long dim in Dims)
        {
            count = UInt128.Min(count * (UInt128)dim, (UInt128)long.MaxValue); // 0 stays 0 wherever it stands
        }

        if (count > int.MaxValue || Dims.Any(dim => dim > int.MaxValue))
        {
            throw new ResourceLimitException(place, found, $"at most {int.MaxValue} elements");
        }

        if (Element.Size == 0 && count > (UInt128)limits.MaxObjects)
        {
            throw new ResourceLimitException(place, $"{found} of empty texts", $"at most {limits.MaxObjects}");
        }

        long bytes = (long)count * Element.Size;
        if (bytes > limits.MaxArrayBytes)
        {
            throw new ResourceLimitException(place, $"{found}, {bytes} bytes", $"at most {limits.MaxArrayBytes} bytes", "raise ReadLimits.MaxArrayBytes if the file is trusted");
        }

        return (new Shape(Dims.Select(dim => (int)dim).ToArray()), bytes);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Element} ({string.Join(", ", Dims)})");
}
