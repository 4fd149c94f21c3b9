using System.IO.Compression;

namespace KerasCompat.Hdf5;

/// <summary>Filter 1: a zlib stream.</summary>
internal static class DeflateFilter
{
    /// <summary>Inflates no more than <paramref name="most"/> bytes; like libhdf5 it passes over what a stream holds beyond its chunk.</summary>
    public static unsafe ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> stored, int most, Place place)
    {
        var output = new byte[most];
        using var pin = stored.Pin();
        using var input = new UnmanagedMemoryStream((byte*)pin.Pointer, stored.Length);
        try
        {
            using var inflater = new ZLibStream(input, CompressionMode.Decompress);
            var length = inflater.ReadAtLeast(output, most, throwOnEndOfStream: false);

            // One byte more makes the stream come to its checksum.
            Span<byte> beyond = stackalloc byte[1];
            if (length == most)
            {
                _ = inflater.Read(beyond);
            }

            return output.AsMemory(0, length);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw place.Damaged("a deflated chunk that does not inflate", inner: e);
        }
    }
}
