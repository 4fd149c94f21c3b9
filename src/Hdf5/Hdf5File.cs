namespace KerasCompat.Hdf5;

/// <summary>An HDF5 file open for reading. Groups and data are read when they are asked for; many threads may ask at once.</summary>
/// <remarks>Read are superblocks 0 to 3 and all that hangs below them in one file. Refused by name are external links, external
/// storage, virtual datasets, files spread over several files, metadata cache images, szip and filters nobody knows.</remarks>
public sealed class Hdf5File : IDisposable
{
    private readonly OpenFile file;

    private Hdf5File(OpenFile file, Hdf5Group root) => (this.file, Root) = (file, root);

    /// <summary>The root group.</summary>
    public Hdf5Group Root { get; }

    /// <summary>Opens a file of the file system, mapped into memory.</summary>
    /// <param name="path">The file; its name stands in the places of errors.</param>
    /// <param name="limits">What the file may make this library allocate; <see cref="ReadLimits.Default"/> where null.</param>
    /// <exception cref="ModelFormatException">It is no HDF5 file, or damaged.</exception>
    /// <exception cref="UnsupportedModelException">It is spread over several files, or otherwise beyond this reader.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static Hdf5File Open(string path, ReadLimits? limits = null)
    {
        var name = Path.GetFileName(path);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (stream.Length == 0)
        {
            stream.Dispose();
            throw NoSignature(name, 0);
        }

        return Open(new MappedBytes(stream), name, limits);
    }

    /// <summary>Opens a file that a stream holds, from the stream's beginning on.</summary>
    /// <param name="stream">A stream that can seek.</param>
    /// <param name="name">What to call it in the places of errors.</param>
    /// <param name="limits">What the file may make this library allocate; <see cref="ReadLimits.Default"/> where null.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the file is closed.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="ModelFormatException">It holds no HDF5 file, or a damaged one.</exception>
    /// <exception cref="UnsupportedModelException">It is spread over several files, or otherwise beyond this reader.</exception>
    public static Hdf5File Open(Stream stream, string name, ReadLimits? limits = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
        {
            throw new ArgumentException("An HDF5 file is read from a stream that can seek.", nameof(stream));
        }

        return Open(new StreamBytes(stream, leaveOpen), name, limits);
    }

    /// <summary>Whether a stream holds HDF5: its signature at 0, 512, 1024, 2048 … The stream's position stays.</summary>
    /// <param name="stream">A stream that can seek.</param>
    public static bool HasSignature(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var position = stream.Position;
        try
        {
            return Signature.Find(stream.Length, (at, bytes) =>
            {
                stream.Position = at;
                return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
            }) >= 0;
        }
        finally
        {
            stream.Position = position;
        }
    }

    /// <summary>Closes the file; views of its data must not be used any more.</summary>
    public void Dispose() => file.Dispose();

    private static Hdf5File Open(FileBytes bytes, string name, ReadLimits? limits)
    {
        var file = new OpenFile(bytes, name, limits ?? ReadLimits.Default);
        try
        {
            var start = Signature.Find(bytes.Length, (at, found) =>
            {
                bytes.CopyTo(at, found);
                return true;
            });
            if (start < 0)
            {
                throw NoSignature(name, bytes.Length);
            }

            var address = Superblock.Read(file, start);
            var place = new Place(file, "/");
            file.Root = file.Object(address, place).Open(place) as Hdf5Group ?? throw place.Damaged("a root that is no group");
            return new Hdf5File(file, file.Root);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static ModelFormatException NoSignature(string name, long length) => new(
        name, $"no HDF5 signature in {length} bytes", "an HDF5 file", "check that the file was downloaded or copied completely");
}
