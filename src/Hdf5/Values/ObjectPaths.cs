namespace KerasCompat.Hdf5;

/// <summary>The paths of all objects, for references: each object has the first that a walk in the order of names finds.</summary>
internal static class ObjectPaths
{
    public static Dictionary<long, string> Of(Hdf5Group root)
    {
        var paths = new Dictionary<long, string> { [root.Address] = "/" };
        Walk(root, paths);
        return paths;
    }

    private static void Walk(Hdf5Group group, Dictionary<long, string> paths)
    {
        foreach (var link in group.Links)
        {
            if (link.Kind != Hdf5LinkKind.Hard)
            {
                continue;
            }

            var path = group.Path == "/" ? "/" + link.Name : group.Path + "/" + link.Name;
            if (paths.TryAdd(link.Address, path) && group.Place.File.Object(link.Address, group.Place.At(path)).IsGroup)
            {
                Walk((Hdf5Group)group[link.Name], paths);
            }
        }
    }
}
