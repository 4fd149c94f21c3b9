using System.Diagnostics.CodeAnalysis;

namespace KerasCompat.Zip;

/// <summary>Reads a zip archive: stored, deflated, bzip2 and LZMA members, zip64, streamed and prefixed archives.</summary>
/// <remarks>
/// What readers disagree about is refused, so that a file cannot mean one thing here and another in Python: two members of one name,
/// members that overlap, names that lead out of the archive, lengths and checksums that do not fit. Members may be read from several threads.
/// </remarks>
public sealed class ZipReader : IDisposable
{
    private readonly Dictionary<string, ZipMember> _byName;

    private ZipReader(ByteSource source, string name, ReadLimits limits)
    {
        Source = source;
        Name = name;
        Limits = limits;
        Members = ZipDirectory.Read(this);
        _byName = new Dictionary<string, ZipMember>(Members.Count);
        foreach (ZipMember member in Members)
        {
            if (!_byName.TryAdd(member.Name, member))
            {
                throw new ModelFormatException(member.Place, "two members of this name", "one",
                    "which of them counts is not the same for all readers: write the archive again");
            }
        }
    }

    /// <summary>The archive's name, for messages.</summary>
    public string Name { get; }

    /// <summary>The files in it, in the order of its directory; folders are left out.</summary>
    public IReadOnlyList<ZipMember> Members { get; }

    internal ByteSource Source { get; }

    internal ReadLimits Limits { get; }

    /// <summary>Opens an archive.</summary>
    /// <exception cref="ModelFormatException">The file is no zip archive, or a damaged one.</exception>
    /// <exception cref="UnsupportedModelException">Its members are encrypted or compressed in a way that is not supported.</exception>
    /// <exception cref="ResourceLimitException">It has more members than the limits allow.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ZipReader Open(string path, ReadLimits? limits = null) =>
        Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1), Path.GetFileName(path), limits);

    /// <summary>Opens an archive held by a seekable stream; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="ModelFormatException">The stream holds no zip archive, or a damaged one.</exception>
    /// <exception cref="UnsupportedModelException">Its members are encrypted or compressed in a way that is not supported.</exception>
    /// <exception cref="ResourceLimitException">It has more members than the limits allow.</exception>
    public static ZipReader Open(Stream stream, string name, ReadLimits? limits = null, bool leaveOpen = false)
    {
        ByteSource source = ByteSource.Of(stream, leaveOpen);
        try
        {
            return new ZipReader(source, name, limits ?? ReadLimits.Default);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>True where the stream ends as a zip archive does; what stands before the archive does not matter.</summary>
    public static bool HasDirectory(Stream stream) => ZipEnd.Find(ByteSource.Of(stream, leaveOpen: true)) >= 0;

    /// <summary>Finds a file by its path, with slashes.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ZipMember? member) => _byName.TryGetValue(name, out member);

    /// <summary>Closes the archive.</summary>
    public void Dispose() => Source.Dispose();
}
