using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace KerasCompat.Containers;

/// <summary>The files below <c>assets/</c>, unpacked one by one when they are asked for: what no layer wants is never unpacked.</summary>
internal sealed class ArchiveAssets : IReadOnlyDictionary<string, byte[]>
{
    private const string Folder = "assets/";

    private readonly ArchiveFolder _archive;
    private readonly ReadLimits _limits;
    private readonly List<string> _names;

    public ArchiveAssets(ArchiveFolder archive, ReadLimits limits)
    {
        _archive = archive;
        _limits = limits;
        _names = [.. archive.Names.Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..])];
    }

    public IEnumerable<string> Keys => _names;

    public IEnumerable<byte[]> Values => _names.Select(Read);

    public int Count => _names.Count;

    public byte[] this[string key] => TryGetValue(key, out byte[]? value) ? value : throw new KeyNotFoundException($"{_archive.Name} has no asset {key}.");

    public bool ContainsKey(string key) => _names.Contains(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out byte[] value)
    {
        value = ContainsKey(key) ? Read(key) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, byte[]>> GetEnumerator() =>
        _names.Select(name => KeyValuePair.Create(name, Read(name))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private byte[] Read(string name) => _archive.Read(Folder + name, _limits.MaxMetadataBytes);
}
