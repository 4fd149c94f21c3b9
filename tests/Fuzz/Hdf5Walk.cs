using KerasCompat.Hdf5;

namespace KerasCompat.Fuzz;

/// <summary>Reads everything that can be reached in an HDF5 file.</summary>
internal static class Hdf5Walk
{
    private const int MostObjects = 2000;
    private const long LargestRead = 16 << 20;

    /// <exception cref="KerasCompatException">The file could not be opened; what fails within it is passed over.</exception>
    public static void Read(byte[] file, string name, ReadLimits limits)
    {
        using var opened = Hdf5File.Open(new MemoryStream(file), name, limits);
        var seen = new HashSet<long>();
        int left = MostObjects;
        Visit(opened.Root, seen, ref left, 0);
    }

    private static void Visit(Hdf5Object found, HashSet<long> seen, ref int left, int depth)
    {
        if (--left < 0 || depth > 64)
        {
            return;
        }

        Try(() =>
        {
            foreach (Hdf5Attribute attribute in found.Attributes.Values)
            {
                Try(() => attribute.ReadValue());
            }
        });
        switch (found)
        {
            case Hdf5Dataset dataset when dataset.Dimensions.Aggregate((double)dataset.Type.Size, (product, n) => product * n) <= LargestRead:
                Try(() => dataset.ReadValue());
                Try(() => dataset.ReadBytes());
                Try(() => dataset.TryGetContiguous(out _));
                break;
            case Hdf5Group group when seen.Add(group.Address):
                IReadOnlyList<Hdf5Link> links = [];
                Try(() => links = group.Links);
                Try(() => _ = group.NamesInCreationOrder);
                foreach (Hdf5Link link in links)
                {
                    Hdf5Object? child = null;
                    Try(() => group.TryGet(link.Name, out child));
                    if (child is not null)
                    {
                        Visit(child, seen, ref left, depth + 1);
                    }
                }

                break;
        }
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (KerasCompatException)
        {
            // Refused; the rest may be whole.
        }
    }
}
