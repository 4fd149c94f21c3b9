using System.Globalization;
using KerasCompat.Convert.Export;
using KerasCompat.Runtime;
using KerasCompat.Verification;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Surgery;

/// <summary>How two models differ: configs key by key, weights, outputs on drawn inputs.</summary>
internal static class ModelDiff
{
    /// <summary>Lines for people; none where the models are the same.</summary>
    public static IReadOnlyList<string> Lines(KerasModel a, KerasModel b) =>
        [.. Configs(a.Canonical.Root, b.Canonical.Root, string.Empty), .. Weights(a, b), .. Outputs(a, b)];

    private static IEnumerable<string> Configs(JToken a, JToken b, string path)
    {
        if (JToken.DeepEquals(a, b))
        {
            return [];
        }

        return (a, b) switch
        {
            (JObject x, JObject y) => x.Properties().Select(p => p.Name).Union(y.Properties().Select(p => p.Name)).SelectMany(key => (x[key], y[key]) switch
            {
                (null, { } only) => [$"config {Joined(path, key)}: only in the second: {Short(only)}"],
                ({ } only, null) => [$"config {Joined(path, key)}: only in the first: {Short(only)}"],
                ({ } p, { } q) => Configs(p, q, Joined(path, key)),
                _ => [],
            }),
            (JArray x, JArray y) when x.Count == y.Count => x.Zip(y).Index().SelectMany(p => Configs(p.Item.First, p.Item.Second, $"{path}[{p.Index}]")),
            _ => [$"config {path}: {Short(a)} and {Short(b)}"],
        };
    }

    private static IEnumerable<string> Weights(KerasModel a, KerasModel b)
    {
        var left = b.Weights.ToList();
        var alone = new List<Weight>();
        foreach (Weight weight in a.Weights)
        {
            if (left.FirstOrDefault(w => w.Path == weight.Path) is not { } same)
            {
                alone.Add(weight);
                continue;
            }

            left.Remove(same);
            if (weight.Shape != same.Shape)
            {
                yield return $"weight {weight.Path}: {weight.Shape} and {same.Shape}";
            }
            else if (!weight.Value.Bytes.SequenceEqual(same.Value.Bytes) || weight.DType != same.DType)
            {
                ArrayComparison comparison = ArrayComparison.Of($"weight {weight.Path}", same.Value, weight.Value, new Tolerance(0, 0));
                yield return weight.DType == same.DType ? comparison.ToString() : $"{comparison}; {weight.DType.Name()} and {same.DType.Name()}";
            }
        }

        foreach (Weight weight in alone)
        {
            if (left.FirstOrDefault(w => w.Shape == weight.Shape && w.Value.Bytes.SequenceEqual(weight.Value.Bytes)) is { } renamed)
            {
                left.Remove(renamed);
                yield return $"weight {weight.Path}: {renamed.Path} in the second";
            }
            else
            {
                yield return $"weight {weight.Path} {weight.Shape}: only in the first";
            }
        }

        foreach (Weight weight in left)
        {
            yield return $"weight {weight.Path} {weight.Shape}: only in the second";
        }
    }

    private static IEnumerable<string> Outputs(KerasModel a, KerasModel b)
    {
        if (!a.Inputs.Select(i => i.Type.ToString()).SequenceEqual(b.Inputs.Select(i => i.Type.ToString())))
        {
            return [$"inputs: {string.Join(", ", a.Inputs.Select(i => i.Type))} and {string.Join(", ", b.Inputs.Select(i => i.Type))}; outputs were not compared"];
        }

        (Tensor[] inputs, Tensor[] want) = new DrawnInputs(a, new Dictionary<string, int>()).Calls(1)[0];
        Tensor[] got = b.Predict(inputs, new RecurrentState());
        if (got.Length != want.Length)
        {
            return [string.Create(CultureInfo.InvariantCulture, $"outputs: {want.Length} and {got.Length}")];
        }

        return want.Zip(got, (w, g) => ArrayComparison.Of("output", g, w, new Tolerance(0, 0))).Index().Where(c => !c.Item.Passes).Select(c => $"{a.Outputs[c.Index].Name}: {c.Item}");
    }

    private static string Joined(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Short(JToken token) => token.ToString(Formatting.None) is { Length: > 60 } text ? text[..60] + "…" : token.ToString(Formatting.None);
}
