namespace KerasCompat.Hdf5;

/// <summary>The kinds of links.</summary>
public enum Hdf5LinkKind
{
    /// <summary>To an object of the file.</summary>
    Hard,

    /// <summary>To a path, which may lead nowhere.</summary>
    Soft,

    /// <summary>To a path in another file. Never followed.</summary>
    External,

    /// <summary>To something that only the program that wrote it knows. Never followed.</summary>
    UserDefined,
}

/// <summary>A name in a group and what it leads to.</summary>
public sealed class Hdf5Link
{
    internal Hdf5Link(string name, Hdf5LinkKind kind) => (Name, Kind) = (name, kind);

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What kind of link it is.</summary>
    public Hdf5LinkKind Kind { get; }

    /// <summary>The path a soft or external link leads to.</summary>
    public string? TargetPath { get; internal init; }

    /// <summary>The file an external link leads to.</summary>
    public string? TargetFile { get; internal init; }

    /// <summary>Where the object of a hard link lies: two links of one address lead to one object. Else -1.</summary>
    public long Address { get; internal init; } = Cursor.Undefined;

    /// <summary>The link's turn in its group; -1 where the group does not track it.</summary>
    internal long CreationOrder { get; init; } = -1;
}
