using KerasCompat.Hdf5;
using KerasCompat.Zip;

namespace KerasCompat.Containers;

/// <summary>The files of a <c>.keras</c> model by relative path: a zip archive, or the folder it was unpacked into.</summary>
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

    public abstract Hdf5File OpenHdf5(string file, ReadLimits limits);

    public string Place(string file) => $"{name}:{file}";

    public abstract void Dispose();

    protected abstract Stream Open(string file);
}

/// <summary>A zip archive.</summary>
internal sealed class ZippedFolder(ZipReader zip) : ArchiveFolder(zip.Name)
{
    public override IReadOnlyList<string> Names { get; } = [.. zip.Members.Select(member => member.Name)];

    public override bool Has(string file) => zip.TryGet(file, out _);

    public override byte[] Read(string file, long most) => Member(file).ReadAll(most);

    public override Hdf5File OpenHdf5(string file, ReadLimits limits) => Hdf5File.Open(Member(file).OpenSeekable(), Place(file), limits);

    public override void Dispose() => zip.Dispose();

    protected override Stream Open(string file) => Member(file).Open();

    private ZipMember Member(string file) => zip.TryGet(file, out ZipMember? member) ? member : throw new FileNotFoundException(Place(file));
}

/// <summary>A folder of the file system.</summary>
internal sealed class PlainFolder : ArchiveFolder
{
    private readonly string _path;

    public PlainFolder(string path, ReadLimits limits)
        : base(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))
    {
        _path = path;
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = Math.Min(limits.MaxDepth, 64), AttributesToSkip = FileAttributes.ReparsePoint };
        Names = [.. Directory.EnumerateFiles(path, "*", options).Take(limits.MaxObjects)
            .Select(file => Path.GetRelativePath(path, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }

    public override IReadOnlyList<string> Names { get; }

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

    public override Hdf5File OpenHdf5(string file, ReadLimits limits) => Hdf5File.Open(Path.Combine(_path, file), limits);

    public override void Dispose()
    {
    }

    protected override Stream Open(string file) => new FileStream(Path.Combine(_path, file), FileMode.Open, FileAccess.Read, FileShare.Read);
}
