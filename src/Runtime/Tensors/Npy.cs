namespace KerasCompat.Runtime;

/// <summary>Reads and writes numpy's <c>.npy</c> files: one array each.</summary>
/// <remarks>
/// Read: bool, integers of 1 to 8 bytes, floats of 2 to 8 bytes, text (<c>U</c>, and <c>S</c> as UTF-8), either byte order,
/// C and Fortran order. Complex numbers, dates, records and pickled objects are refused.
/// </remarks>
public static class Npy
{
    /// <summary>Reads an array.</summary>
    /// <exception cref="ModelFormatException">The file is no <c>.npy</c> file, is damaged, or holds what no tensor holds.</exception>
    /// <exception cref="ResourceLimitException">The array is larger than the limits allow.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tensor Read(string path, ReadLimits? limits = null)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Read(stream, Path.GetFileName(path), limits);
    }

    /// <summary>Reads an array from the stream's position on; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="ModelFormatException">The stream holds no <c>.npy</c> data, is damaged, or holds what no tensor holds.</exception>
    /// <exception cref="ResourceLimitException">The array is larger than the limits allow.</exception>
    public static Tensor Read(Stream stream, string name, ReadLimits? limits = null) =>
        Read(stream, name, limits ?? ReadLimits.Default, stream.CanSeek ? stream.Length - stream.Position : null);

    /// <summary>Writes an array; the file appears, or is replaced, only when it is whole.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted; asked before each megabyte.</exception>
    public static void Write(string path, Tensor tensor, CancellationToken cancellationToken = default) => WholeFile.Write(path, stream => Write(stream, tensor, cancellationToken));

    /// <summary>Writes an array in C order, little-endian. bfloat16, which numpy lacks, becomes float32.</summary>
    /// <exception cref="OperationCanceledException">It is no longer wanted; asked before each megabyte.</exception>
    public static void Write(Stream stream, Tensor tensor, CancellationToken cancellationToken = default) => NpyPayload.Write(stream, tensor, cancellationToken);

    /// <param name="stream">Where to read.</param>
    /// <param name="place">The place, for messages.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="available">How many bytes there can be at most, where it is known.</param>
    internal static Tensor Read(Stream stream, string place, ReadLimits limits, long? available)
    {
        NpyHeader header = NpyHeader.Read(stream, place, limits);
        (Shape shape, long bytes) = header.Size(place, limits);
        if (bytes > available)
        {
            throw NpyPayload.CutShort(place, $"{shape} of {header.Element.Size} bytes each");
        }

        return NpyPayload.Read(stream, header, shape, place);
    }
}
