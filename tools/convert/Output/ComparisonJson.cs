using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Output;

/// <summary>Comparisons as JSON.</summary>
internal static class ComparisonJson
{
    public static JArray Write(IEnumerable<ArrayComparison> comparisons) => new(comparisons.Select(c => new JObject
    {
        ["name"] = c.Name,
        ["passes"] = c.Passes,
        ["absolute"] = c.LargestAbsolute,
        ["relative"] = c.LargestRelative,
        ["failures"] = c.Failures,
        ["mismatch"] = c.Mismatch,
    }));
}
