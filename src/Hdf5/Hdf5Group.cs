using System.Diagnostics.CodeAnalysis;

namespace KerasCompat.Hdf5;

/// <summary>A group: names that lead to objects.</summary>
public sealed class Hdf5Group : Hdf5Object
{
    private const int MostSoftLinks = 16; // followed one after the other, as many as libhdf5 follows

    internal Hdf5Group(StoredObject stored, Place place)
        : base(stored, place)
    {
    }

    /// <summary>The names of the links, sorted by ordinal.</summary>
    /// <exception cref="ModelFormatException">The group is damaged.</exception>
    public IReadOnlyList<string> Names => [.. Links.Select(link => link.Name)];

    /// <summary>The links, sorted by the ordinals of their names.</summary>
    /// <exception cref="ModelFormatException">The group is damaged.</exception>
    public IReadOnlyList<Hdf5Link> Links => Stored.Links(Place, out _);

    /// <summary>The names in the order in which the links were made; null where the group does not track it.</summary>
    /// <exception cref="ModelFormatException">The group is damaged.</exception>
    public IReadOnlyList<string>? NamesInCreationOrder =>
        Stored.Links(Place, out var ordered) is var links && ordered
            ? [.. links.OrderBy(link => link.CreationOrder).Select(link => link.Name)]
            : null;

    /// <summary>The object at a path, relative to this group or, with a leading <c>/</c>, to the root.</summary>
    /// <exception cref="ModelFormatException">Nothing is there; the text names what is. Or what is there is damaged.</exception>
    /// <exception cref="UnsupportedModelException">The path leads through an external link.</exception>
    public Hdf5Object this[string path] => TryGet(path, out var found)
        ? found
        : throw new ModelFormatException(Place.ToString(), $"no \"{path}\"", Describe());

    /// <summary>The object at a path, following soft links.</summary>
    /// <param name="path"><c>a/b/c</c>, relative to this group or, with a leading <c>/</c>, to the root.</param>
    /// <param name="found">The object.</param>
    /// <returns>Whether there is one; a soft link that leads nowhere is none.</returns>
    /// <exception cref="ModelFormatException">The way there is damaged, or soft links lead in a circle.</exception>
    /// <exception cref="UnsupportedModelException">The path leads through an external link.</exception>
    public bool TryGet(string path, [NotNullWhen(true)] out Hdf5Object? found)
    {
        var softLinks = 0;
        found = Find(path, ref softLinks);
        return found is not null;
    }

    private Hdf5Object? Find(string path, ref int softLinks)
    {
        Hdf5Object? at = path.StartsWith('/') ? Place.File.Root : this;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".")
            {
                continue;
            }

            if (at is not Hdf5Group group)
            {
                return null;
            }

            at = group.Child(name, ref softLinks);
            if (at is null)
            {
                return null;
            }
        }

        return at;
    }

    private Hdf5Object? Child(string name, ref int softLinks)
    {
        var link = Find(name);
        if (link is null)
        {
            return null;
        }

        var place = Place.At(Path == "/" ? "/" + name : Path + "/" + name);
        switch (link.Kind)
        {
            case Hdf5LinkKind.Hard:
                var depth = Place.File.Limits.MaxDepth;
                if (place.Path.AsSpan().Count('/') > depth)
                {
                    throw place.TooLarge("a deeper path", nameof(ReadLimits.MaxDepth), depth);
                }

                return Place.File.Object(link.Address, place).Open(place);
            case Hdf5LinkKind.Soft:
                if (++softLinks > MostSoftLinks)
                {
                    throw place.Damaged($"more than {MostSoftLinks} soft links one behind the other", "links that do not lead in a circle");
                }

                // The object keeps the path by which it is asked for.
                return Find(link.TargetPath!, ref softLinks)?.Stored.Open(place);
            case Hdf5LinkKind.External:
                throw place.Unsupported(
                    $"a link to \"{link.TargetPath}\" in another file, \"{link.TargetFile}\"",
                    "all data in one file",
                    "copy the other file's data into this one, for example with h5copy");
            default:
                throw place.Unsupported("a link that only the program that wrote it can follow", "a hard or soft link");
        }
    }

    private Hdf5Link? Find(string name)
    {
        var links = Links;
        int low = 0, high = links.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(links[middle].Name, name);
            if (order == 0)
            {
                return links[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    private string Describe()
    {
        const int most = 20;
        var names = Names;
        return names.Count == 0 ? "nothing: the group is empty"
            : "one of " + string.Join(", ", names.Take(most).Select(n => $"\"{n}\"")) + (names.Count > most ? $" … ({names.Count} names)" : "");
    }
}
