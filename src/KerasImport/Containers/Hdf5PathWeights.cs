using System.Globalization;
using KerasCompat.Hdf5;

namespace KerasCompat.Containers;

/// <summary>Weights by object path, as <c>.weights.h5</c> and <c>model.weights.h5</c> hold them: every group <c>vars</c>, wherever it is.</summary>
/// <remarks>
/// The roots differ by writer: <c>layers</c>, <c>_layer_checkpoint_dependencies</c> (2.12 to 2.14), attribute names (subclassed models).
/// Keras 2.14 and 2.15 on Windows wrote backslashes into group names; they are slashes here.
/// </remarks>
internal sealed class Hdf5PathWeights
{
    private const string Vars = "vars";

    private readonly Hdf5Arrays _arrays;
    private readonly ReadLimits _limits;
    private readonly Dictionary<string, StoredVariables> _groups;
    private readonly HashSet<long> _seen = [];

    private Hdf5PathWeights(Hdf5Arrays arrays, ReadLimits limits, Dictionary<string, StoredVariables> groups)
    {
        _arrays = arrays;
        _limits = limits;
        _groups = groups;
    }

    /// <exception cref="ModelFormatException">Something in a group <c>vars</c> is no array.</exception>
    /// <exception cref="ResourceLimitException">There are more groups than the limits allow.</exception>
    public static PathWeights Read(Hdf5Group root, Hdf5Arrays arrays, ReadLimits limits)
    {
        var groups = new Dictionary<string, StoredVariables>();
        AddTo(groups, root, arrays, limits);
        return new PathWeights { Groups = groups };
    }

    /// <summary>Adds a file's groups to those of others: a shard of many.</summary>
    public static void AddTo(Dictionary<string, StoredVariables> groups, Hdf5Group root, Hdf5Arrays arrays, ReadLimits limits) =>
        new Hdf5PathWeights(arrays, limits, groups).Walk(root, string.Empty);

    /// <summary>Only hard links are walked, and each group once: files that link back to a parent do not loop.</summary>
    private void Walk(Hdf5Group group, string path)
    {
        if (!_seen.Add(group.Address))
        {
            return;
        }

        if (_seen.Count > _limits.MaxObjects)
        {
            throw new ResourceLimitException(_arrays.File, $"more than {_limits.MaxObjects} groups", $"at most {_limits.MaxObjects}");
        }

        foreach (Hdf5Link link in group.Links.Where(link => link.Kind == Hdf5LinkKind.Hard))
        {
            if (!group.TryGet(link.Name, out Hdf5Object? found) || found is not Hdf5Group child)
            {
                continue;
            }

            string name = link.Name.Replace('\\', '/');
            string childPath = path.Length == 0 ? name : $"{path}/{name}";
            if (childPath == Vars || childPath.EndsWith("/" + Vars, StringComparison.Ordinal))
            {
                Add(childPath[..Math.Max(0, childPath.Length - Vars.Length - 1)], child);
            }
            else
            {
                Walk(child, childPath);
            }
        }
    }

    private void Add(string path, Hdf5Group vars)
    {
        var arrays = new Dictionary<string, StoredArray>();
        foreach (string key in vars.Names.Order(KeyOrder))
        {
            if (!vars.TryGet(key, out Hdf5Object? found))
            {
                throw new ModelFormatException($"{_arrays.File}:{vars.Path}/{key}", "a link that leads nowhere", "an array");
            }

            if (found is Hdf5Dataset dataset)
            {
                arrays.Add(key, _arrays.Describe(dataset, $"{path}/{Vars}/{key}".TrimStart('/')));
            }
        }

        string? name = Hdf5Attributes.Note(vars, "name");
        if (!_groups.TryGetValue(path, out StoredVariables? other))
        {
            _groups.Add(path, new StoredVariables(name, arrays));
            return;
        }

        // Shards split a group; a path written with both kinds of slash would too.
        foreach ((string key, StoredArray array) in other.Arrays)
        {
            if (!arrays.TryAdd(key, array))
            {
                throw new ModelFormatException($"{_arrays.File}:{vars.Path}/{key}", "an array that is there twice", "one");
            }
        }

        _groups[path] = new StoredVariables(name ?? other.ObjectName, arrays.OrderBy(item => item.Key, KeyOrder).ToDictionary());
    }

    /// <summary>Numbers in their order, then names.</summary>
    private static readonly IComparer<string> KeyOrder = Comparer<string>.Create((a, b) =>
    {
        bool first = int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out int x);
        bool second = int.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out int y);
        return (first, second) switch
        {
            (true, true) when x != y => x.CompareTo(y),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(a, b),
        };
    });
}
