using KerasCompat.Runtime;

namespace KerasCompat.Writers;

/// <summary>Names for weights in files: the path of layers and the weight's own, made different where two are the same.</summary>
internal static class WeightNames
{
    public static string[] Of(IReadOnlyList<Weight> weights)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. weights.Select(w =>
        {
            string name = w.Path;
            for (int i = 1; !taken.Add(name); i++)
            {
                name = $"{w.Path}_{i}";
            }

            return name;
        })];
    }
}
