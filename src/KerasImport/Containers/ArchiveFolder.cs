using KerasCompat.Hdf5;
using KerasCompat.Zip;

namespace KerasCompat.Containers;

/// <summary>The files of a <c>.keras</c> model or a SavedModel by relative path: a zip archive, or the folder it was unpacked into.</summary>
internal abstract class ArchiveFolder(string name) : IDisposable
{
    public string Name => name;

    /// <summary>All relative paths, with slashes.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    public abstract bool Has(string file);

    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    /// <exception cref="ResourceLimitException">It is longer than <paramref name="most"/>.</exception>
    public abstract byte[] Read(string file, long most);

    /// <summary>The first bytes of a file, fewer where it is shorter.</summary>
    public byte[] Start(string file, int count)
    {
        using Stream stream = Open(file);
        var bytes = new byte[count];
        return bytes[..stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
    }

    /// <summary>A file as a stream that can be read at any place; the caller closes it.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public abstract Stream OpenSeekable(string file);

    /// <summary>The length of a file in bytes.</summary>
    public abstract long Length(string file);

    public abstract Hdf5File OpenHdf5(string file, ReadLimits limits);

    /// <summary>Where a file lies, for messages.</summary>
    public virtual string Place(string file) => $"{name}:{file}";

    public abstract void Dispose();

    protected abstract Stream Open(string file);
}

/// <summary>A zip archive, or a folder in one.</summary>
/// <param name="zip">The archive.</param>
/// <param name="folder">What the names of the folder's files begin with; empty for all of the archive.</param>
internal sealed class ZippedFolder(ZipReader zip, string folder = "") : ArchiveFolder(zip.Name)
{
    public override IReadOnlyList<string> Names { get; } =
        [.. zip.Members.Where(member => member.Name.StartsWith(folder, StringComparison.Ordinal)).Select(member => member.Name[folder.Length..])];

    public override bool Has(string file) => zip.TryGet(folder + file, out _);

    public override byte[] Read(string file, long most) => Member(file).ReadAll(most);

    public override string Place(string file) => base.Place(folder + file);

    public override Stream OpenSeekable(string file) => Member(file).OpenSeekable();

    public override long Length(string file) => Member(file).Length;

    public override Hdf5File OpenHdf5(string file, ReadLimits limits) => Hdf5File.Open(OpenSeekable(file), Place(file), limits);

    public override void Dispose() => zip.Dispose();

    protected override Stream Open(string file) => Member(file).Open();

    private ZipMember Member(string file) => zip.TryGet(folder + file, out ZipMember? member) ? member : throw new FileNotFoundException(Place(file));
}

/// <summary>A folder of the file system.</summary>
internal sealed class PlainFolder : ArchiveFolder
{
    private readonly string _path;
    private readonly ReadLimits _limits;
    private IReadOnlyList<string>? _names;

    public PlainFolder(string path, ReadLimits limits)
        : base(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))) => (_path, _limits) = (path, limits);

    public override IReadOnlyList<string> Names => _names ??= AllNames();

    public override bool Has(string file) => File.Exists(Path.Combine(_path, file));

    public override byte[] Read(string file, long most)
    {
        using FileStream stream = new(Path.Combine(_path, file), FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.Length > most)
        {
            throw new ResourceLimitException(Place(file), $"{stream.Length} bytes", $"at most {most}", "raise ReadLimits if the file is trusted");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public override Stream OpenSeekable(string file) => Open(file);

    public override long Length(string file) => new FileInfo(Path.Combine(_path, file)).Length;

    public override Hdf5File OpenHdf5(string file, ReadLimits limits) => Hdf5File.Open(Path.Combine(_path, file), limits);

    public override void Dispose()
    {
    }

    protected override Stream Open(string file) => new FileStream(Path.Combine(_path, file), FileMode.Open, FileAccess.Read, FileShare.Read);

    private string[] AllNames()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = Math.Min(_limits.MaxDepth, 64), AttributesToSkip = FileAttributes.ReparsePoint };
        return [.. Directory.EnumerateFiles(_path, "*", options).Take(_limits.MaxObjects).Select(file => Path.GetRelativePath(_path, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }
}
