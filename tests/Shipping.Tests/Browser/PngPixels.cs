using System.Buffers.Binary;
using System.IO.Compression;

namespace KerasCompat.Shipping.Tests.Browser;

/// <summary>The colours of a screenshot: an 8-bit RGB or RGBA PNG without interlace, which is what browsers write.</summary>
internal sealed class PngPixels
{
    private readonly byte[] _rows;
    private readonly int _channels;

    public PngPixels(ReadOnlySpan<byte> file)
    {
        using var packed = new MemoryStream();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            ReadOnlySpan<byte> data = file.Slice(at + 8, length);
            if (file.Slice(at + 4, 4).SequenceEqual("IHDR"u8))
            {
                (Width, Height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                _channels = data[9] switch { 2 => 3, 6 => 4, var kind => throw new InvalidDataException($"colour type {kind}") };
            }
            else if (file.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(data);
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var inflated = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionMode.Decompress))
        {
            zlib.CopyTo(inflated);
        }

        _rows = Unfilter(inflated.ToArray(), Width * _channels, Height, _channels);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>How many pixels have each colour, as 0xRRGGBB.</summary>
    public Dictionary<int, int> Count()
    {
        var counts = new Dictionary<int, int>();
        for (int i = 0; i < _rows.Length; i += _channels)
        {
            int colour = (_rows[i] << 16) | (_rows[i + 1] << 8) | _rows[i + 2];
            counts[colour] = counts.GetValueOrDefault(colour) + 1;
        }

        return counts;
    }

    /// <summary>Undoes the five filters of PNG, section 9 of its specification: each byte was stored as its difference from a neighbour.</summary>
    private static byte[] Unfilter(byte[] stored, int stride, int height, int step)
    {
        var rows = new byte[stride * height];
        for (int y = 0; y < height; y++)
        {
            int filter = stored[y * (stride + 1)];
            for (int x = 0; x < stride; x++)
            {
                int left = x >= step ? rows[(y * stride) + x - step] : 0;
                int above = y > 0 ? rows[((y - 1) * stride) + x] : 0;
                int corner = x >= step && y > 0 ? rows[((y - 1) * stride) + x - step] : 0;
                int guess = filter switch { 0 => 0, 1 => left, 2 => above, 3 => (left + above) / 2, _ => Paeth(left, above, corner) };
                rows[(y * stride) + x] = (byte)(stored[(y * (stride + 1)) + 1 + x] + guess);
            }
        }

        return rows;
    }

    private static int Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        (int a, int b, int c) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner));
        return a <= b && a <= c ? left : b <= c ? above : corner;
    }
}
