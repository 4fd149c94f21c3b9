using System.Text.RegularExpressions;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>Rearrange, as einops writes it: <c>(h p) w c -> h (p w) c</c> with the sizes of some names given.</summary>
internal static partial class Rearrangement
{
    public static Value Apply(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value x = c.Tensor(0, "tensor");
        string pattern = (string?)c.Call.Constant(1, "pattern") ?? c.Text("pattern", string.Empty);
        string[] sides = pattern.Split("->");
        string[][] from = Groups(sides[0]), to = Groups(sides[1]);
        var sizes = new Dictionary<string, Dim>(StringComparer.Ordinal);
        foreach (string name in from.SelectMany(group => group).Distinct())
        {
            if (c.Call.Constant(name) is JValue { Value: long size })
            {
                sizes[name] = (Dim)(int)size;
            }
        }

        for (int axis = 0; axis < from.Length; axis++)
        {
            string[] open = [.. from[axis].Where(n => !sizes.ContainsKey(n))];
            if (open is [var one])
            {
                sizes[one] = Dim.FloorDiv(x.Shape[axis], Dim.Product(from[axis].Where(n => n != one).Select(n => sizes[n])));
            }
        }

        string[] flat = [.. from.SelectMany(group => group)], wanted = [.. to.SelectMany(group => group)];
        Value apart = g.Reshape(x, new SymbolicShape(flat.Select(n => sizes[n])));
        Value ordered = g.Transpose(apart, [.. wanted.Select(n => Array.IndexOf(flat, n))]);
        return g.Reshape(ordered, new SymbolicShape(to.Select(group => Dim.Product(group.Select(n => sizes[n])))));
    }

    private static string[][] Groups(string side) => [.. GroupPattern().Matches(side).Select(m => m.Value.Trim('(', ')').Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    [GeneratedRegex(@"\([^)]*\)|\w+")]
    private static partial Regex GroupPattern();
}
