using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;

namespace KerasCompat.Runtime;

/// <summary>Reads and writes numpy's <c>.npz</c> files: a zip of <c>.npy</c> members. An array is read when it is asked for.</summary>
public sealed class Npz : IDisposable
{
    private const string Extension = ".npy";

    private readonly ZipArchive _zip;
    private readonly string _name;
    private readonly ReadLimits _limits;
    private readonly Dictionary<string, ZipArchiveEntry> _members = [];
    private readonly List<string> _names = [];
    private readonly Lock _lock = new();

    private Npz(ZipArchive zip, string name, ReadLimits limits)
    {
        _zip = zip;
        _name = name;
        _limits = limits;
    }

    /// <summary>The arrays' names in the file's order, without <c>.npy</c>.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Reads an array.</summary>
    /// <exception cref="KeyNotFoundException">The file has no array of that name.</exception>
    /// <exception cref="ModelFormatException">The member is damaged, or holds what no tensor holds.</exception>
    /// <exception cref="ResourceLimitException">The array is larger than the limits allow.</exception>
    public Tensor this[string name] => TryRead(name, out Tensor? tensor)
        ? tensor
        : throw new KeyNotFoundException($"{_name} has no array '{name}'; it has {string.Join(", ", _names.Take(20))}.");

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">The file is no zip archive, or a damaged one.</exception>
    /// <exception cref="ResourceLimitException">It has more members than the limits allow.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Npz Open(string path, ReadLimits? limits = null) =>
        Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), Path.GetFileName(path), limits);

    /// <summary>Opens a file held by a seekable stream; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="ModelFormatException">The stream holds no zip archive, or a damaged one.</exception>
    /// <exception cref="ResourceLimitException">It has more members than the limits allow.</exception>
    public static Npz Open(Stream stream, string name, ReadLimits? limits = null, bool leaveOpen = false)
    {
        limits ??= ReadLimits.Default;
        ZipArchive? zip = null;
        try
        {
            zip = Guarded(name, () => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen));
            var npz = new Npz(zip, name, limits);
            foreach (ZipArchiveEntry entry in Guarded(name, () => zip.Entries))
            {
                npz.Add(entry);
            }

            return npz;
        }
        catch
        {
            zip?.Dispose();
            if (!leaveOpen)
            {
                stream.Dispose();
            }

            throw;
        }
    }

    /// <summary>Writes arrays; the file appears, or is replaced, only when it is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">The arrays by name, without <c>.npy</c>.</param>
    /// <param name="compress">True to deflate the members, false to store them.</param>
    /// <exception cref="ArgumentException">Two arrays have the same name.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> arrays, bool compress = true) =>
        WholeFile.Write(path, stream => Write(stream, arrays, compress));

    /// <summary>Writes arrays to a stream, which stays open.</summary>
    /// <exception cref="ArgumentException">Two arrays have the same name.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> arrays, bool compress = true)
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
            Npy.Write(member, tensor);
        }
    }

    /// <summary>Reads an array if the file has it.</summary>
    /// <exception cref="ModelFormatException">The member is damaged, or holds what no tensor holds.</exception>
    /// <exception cref="ResourceLimitException">The array is larger than the limits allow.</exception>
    public bool TryRead(string name, [NotNullWhen(true)] out Tensor? tensor)
    {
        lock (_lock)
        {
            if (!_members.TryGetValue(name, out ZipArchiveEntry? entry))
            {
                tensor = null;
                return false;
            }

            string place = $"{_name}:{name}";
            long most = Math.Min(entry.Length, entry.CompressedLength > long.MaxValue / _limits.MaxInflationRatio ? long.MaxValue : entry.CompressedLength * _limits.MaxInflationRatio);
            tensor = Guarded(place, () =>
            {
                using Stream stream = entry.Open();
                return Npy.Read(stream, place, _limits, most);
            });
            return true;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _zip.Dispose();

    private static T Guarded<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or ArgumentException or OverflowException or EndOfStreamException)
        {
            throw new ModelFormatException(place, "a damaged zip archive", "a .npz file", "copy or download the file again", e);
        }
    }

    private void Add(ZipArchiveEntry entry)
    {
        string name = entry.FullName.EndsWith(Extension, StringComparison.Ordinal) ? entry.FullName[..^Extension.Length] : entry.FullName;
        if (_members.Count == _limits.MaxObjects)
        {
            throw new ResourceLimitException(_name, $"more than {_limits.MaxObjects} members", $"at most {_limits.MaxObjects}");
        }

        if (!_members.TryAdd(name, entry))
        {
            throw new ModelFormatException($"{_name}:{name}", "two members of this name", "one", "which of them counts is not defined: write the file again");
        }

        _names.Add(name);
    }
}
