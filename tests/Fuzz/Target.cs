namespace KerasCompat.Fuzz;

/// <summary>A kind of file: good ones to start from, how to change them, and all that reads them.</summary>
/// <param name="Name">The container.</param>
/// <param name="Seeds">The good files.</param>
/// <param name="Mutate">Changes a file.</param>
/// <param name="Read">Reads a file as far as can be; throws for the reader's own refusals, and anything else for a bug.</param>
internal sealed record Target(string Name, IReadOnlyList<Seed> Seeds, Func<Seed, Random, byte[]> Mutate, Action<byte[], string> Read);

/// <summary>A good file.</summary>
/// <param name="Name">Suite and file.</param>
internal sealed class Seed(string name, Func<byte[]> read)
{
    private byte[]? _bytes;
    private IReadOnlyList<Hdf5Mutation.Checked>? _structures, _configs;
    private IReadOnlyList<ZipMutation.Stored>? _members;

    public string Name { get; } = name;

    public byte[] Bytes => _bytes ??= read();

    /// <summary>Of an HDF5 file: the structures that a checksum follows.</summary>
    public IReadOnlyList<Hdf5Mutation.Checked> Structures => _structures ??= Hdf5Mutation.Structures(Bytes);

    /// <summary>Of an HDF5 file: the configs in it.</summary>
    public IReadOnlyList<Hdf5Mutation.Checked> Configs => _configs ??= Hdf5Mutation.Configs(Bytes);

    /// <summary>Of a zip archive: the members that are not deflated.</summary>
    public IReadOnlyList<ZipMutation.Stored> Members => _members ??= ZipMutation.StoredMembers(Bytes);
}
