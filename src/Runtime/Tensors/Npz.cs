using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using KerasCompat.Zip;

namespace KerasCompat.Runtime;

/// <summary>Reads and writes numpy's <c>.npz</c> files: a zip of <c>.npy</c> members. An array is read when it is asked for.</summary>
public sealed class Npz : IDisposable
{
    private const string Extension = ".npy";

    private readonly ZipReader _zip;
    private readonly ReadLimits _limits;
    private readonly Dictionary<string, ZipMember> _members = [];

    private Npz(ZipReader zip, ReadLimits limits)
    {
        _zip = zip;
        _limits = limits;
        var names = new List<string>(zip.Members.Count);
        foreach (ZipMember member in zip.Members)
        {
            string name = member.Name.EndsWith(Extension, StringComparison.Ordinal) ? member.Name[..^Extension.Length] : member.Name;
            if (!_members.TryAdd(name, member))
            {
                throw new ModelFormatException(member.Place, $"two arrays named '{name}'", "one");
            }

            names.Add(name);
        }

        Names = names;
    }

    /// <summary>The arrays' names in the file's order, without <c>.npy</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads an array.</summary>
    /// <exception cref="KeyNotFoundException">The file has no array of that name.</exception>
    /// <exception cref="ModelFormatException">The member is damaged, or holds what no tensor holds.</exception>
    /// <exception cref="ResourceLimitException">The array is larger than the limits allow.</exception>
    public Tensor this[string name] => TryRead(name, out Tensor? tensor)
        ? tensor
        : throw new KeyNotFoundException($"{_zip.Name} has no array '{name}'; it has {string.Join(", ", Names.Take(20))}.");

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">The file is no zip archive, or a damaged one.</exception>
    /// <exception cref="ResourceLimitException">It has more members than the limits allow.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Npz Open(string path, ReadLimits? limits = null) =>
        Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1), Path.GetFileName(path), limits);

    /// <summary>Opens a file held by a seekable stream; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="ModelFormatException">The stream holds no zip archive, or a damaged one.</exception>
    /// <exception cref="ResourceLimitException">It has more members than the limits allow.</exception>
    public static Npz Open(Stream stream, string name, ReadLimits? limits = null, bool leaveOpen = false)
    {
        limits ??= ReadLimits.Default;
        ZipReader zip = ZipReader.Open(stream, name, limits, leaveOpen);
        try
        {
            return new Npz(zip, limits);
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    /// <summary>Writes arrays; the file appears, or is replaced, only when it is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">The arrays by name, without <c>.npy</c>.</param>
    /// <param name="compress">True to deflate the members, false to store them.</param>
    /// <param name="cancellationToken">Asked before each megabyte; then there is no file, or the old one.</param>
    /// <exception cref="ArgumentException">Two arrays have the same name.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> arrays, bool compress = true, CancellationToken cancellationToken = default) =>
        WholeFile.Write(path, stream => Write(stream, arrays, compress, cancellationToken));

    /// <summary>Writes arrays to a stream, which stays open.</summary>
    /// <exception cref="ArgumentException">Two arrays have the same name.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted; asked before each megabyte.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> arrays, bool compress = true, CancellationToken cancellationToken = default)
    {
        var written = new HashSet<string>();
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, Tensor tensor) in arrays)
        {
            if (!written.Add(name))
            {
                throw new ArgumentException($"Two arrays are named '{name}'.", nameof(arrays));
            }

            ZipArchiveEntry entry = zip.CreateEntry(name + Extension, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Unspecified); // the same arrays give the same bytes
            using Stream member = entry.Open();
            Npy.Write(member, tensor, cancellationToken);
        }
    }

    /// <summary>Reads an array if the file has it.</summary>
    /// <exception cref="ModelFormatException">The member is damaged, or holds what no tensor holds.</exception>
    /// <exception cref="ResourceLimitException">The array is larger than the limits allow.</exception>
    public bool TryRead(string name, [NotNullWhen(true)] out Tensor? tensor)
    {
        if (!_members.TryGetValue(name, out ZipMember? member))
        {
            tensor = null;
            return false;
        }

        using Stream stream = member.Open();
        tensor = Npy.Read(stream, $"{_zip.Name}:{name}", _limits, member.Length);
        if (stream.ReadByte() >= 0)
        {
            throw new ModelFormatException(member.Place, "bytes after the array", "the end of the .npy data", "the file is damaged");
        }

        return true;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _zip.Dispose();
}
