using System.Globalization;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Output;
using KerasCompat.Runtime;
using KerasCompat.Verification;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Surgery;

/// <summary>How two models differ: configs key by key, weights, outputs on drawn inputs.</summary>
internal static class ModelDiff
{
    /// <summary>Lines for people; none where the models are the same.</summary>
    public static IReadOnlyList<string> Lines(KerasModel a, KerasModel b, Work? work = null)
    {
        work ??= Work.Unwatched;
        return [.. Configs(a.Canonical.Root, b.Canonical.Root, string.Empty), .. Weights(a, b, work), .. Outputs(a, b, work)];
    }

    /// <summary>What Keras writes down of a run, and no layer reads.</summary>
    private const string BuildConfig = "build_config";

    private static IEnumerable<string> Configs(JToken a, JToken b, string path)
    {
        if (JToken.DeepEquals(a, b))
        {
            return [];
        }

        return (a, b) switch
        {
            (JObject x, JObject y) => x.Properties().Select(p => p.Name).Union(y.Properties().Select(p => p.Name)).Where(key => key != BuildConfig).SelectMany(key => (x[key], y[key]) switch
            {
                // A key that is not there means what null means.
                (null or { Type: JTokenType.Null }, null or { Type: JTokenType.Null }) => [],
                (null, { } only) => [$"config {Joined(path, key)}: only in the second: {Short(only)}"],
                ({ } only, null) => [$"config {Joined(path, key)}: only in the first: {Short(only)}"],
                ({ } p, { } q) => Configs(p, q, Joined(path, key)),
            }),
            (JArray x, JArray y) when x.Count != y.Count && x.Concat(y).All(l => Name(l) is not null) => Named(x, y, path),
            (JArray x, JArray y) when x.Count == y.Count => x.Zip(y).Index().SelectMany(p => Configs(p.Item.First, p.Item.Second, $"{path}[{p.Index}]")),
            _ => [$"config {path}: {Short(a)} and {Short(b)}"],
        };
    }

    /// <summary>Lists of layers of different lengths: pairs of one name, and those that have none.</summary>
    private static IEnumerable<string> Named(JArray a, JArray b, string path)
    {
        var left = b.ToDictionary(l => Name(l)!, l => l, StringComparer.Ordinal);
        foreach (JToken layer in a)
        {
            foreach (string line in left.Remove(Name(layer)!, out JToken? same) ? Configs(layer, same, $"{path}[{Name(layer)}]") : [$"config {path}: \"{Name(layer)}\" ({(string?)layer["class_name"]}) only in the first"])
            {
                yield return line;
            }
        }

        foreach ((string name, JToken layer) in left)
        {
            yield return $"config {path}: \"{name}\" ({(string?)layer["class_name"]}) only in the second";
        }
    }

    private static string? Name(JToken layer) => (string?)((layer as JObject)?["name"] as JValue);

    private static IEnumerable<string> Weights(KerasModel a, KerasModel b, Work work)
    {
        var left = b.Weights.ToList();
        var alone = new List<Weight>();
        foreach (Weight weight in work.Each("compare weights", a.Weights))
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
            else if (Values(weight, same) is { } changed)
            {
                yield return $"weight {changed}";
            }
        }

        // Under another name the same numbers, or else the first of the same shape that its layer calls the same.
        foreach (Weight weight in alone)
        {
            if ((left.FirstOrDefault(w => w.Shape == weight.Shape && w.Value.Bytes.SequenceEqual(weight.Value.Bytes)) ?? left.FirstOrDefault(w => w.Shape == weight.Shape && w.Name == weight.Name)) is { } renamed)
            {
                left.Remove(renamed);
                yield return $"weight {weight.Path}: {renamed.Path} in the second";
                if (Values(weight, renamed) is { } changed)
                {
                    yield return $"weight {changed}";
                }
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

    /// <summary>How the numbers of two weights of one shape differ; null where they do not.</summary>
    private static string? Values(Weight a, Weight b)
    {
        if (a.DType == b.DType && a.Value.Bytes.SequenceEqual(b.Value.Bytes))
        {
            return null;
        }

        ArrayComparison comparison = ArrayComparison.Of(a.Path, b.Value, a.Value, new Tolerance(0, 0));
        return a.DType == b.DType ? comparison.ToString() : $"{comparison}; {a.DType.Name()} and {b.DType.Name()}";
    }

    private static IEnumerable<string> Outputs(KerasModel a, KerasModel b, Work work)
    {
        using Progress bar = work.Begin("compare outputs");
        if (!a.Inputs.Select(i => i.Type.ToString()).SequenceEqual(b.Inputs.Select(i => i.Type.ToString())))
        {
            return [$"inputs: {string.Join(", ", a.Inputs.Select(i => i.Type))} and {string.Join(", ", b.Inputs.Select(i => i.Type))}; outputs were not compared"];
        }

        Tensor[] inputs, want, got;
        try
        {
            (inputs, want) = new DrawnInputs(a, new Dictionary<string, int>(), cancellation: work.Token).Calls(1)[0];
            got = b.Predict(inputs, new RecurrentState(), work.Token);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or KerasCompatException)
        {
            return [$"outputs were not compared: {e.Message}"];
        }

        if (got.Length != want.Length)
        {
            return [string.Create(CultureInfo.InvariantCulture, $"outputs: {want.Length} and {got.Length}")];
        }

        return want.Select((w, i) => ArrayComparison.Of($"output {a.Outputs[i].Name}", got[i], w, new Tolerance(0, 0))).Where(c => !c.Passes).Select(c => c.ToString());
    }

    private static string Joined(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Short(JToken token) => token.ToString(Formatting.None) is { Length: > 60 } text ? text[..60] + "…" : token.ToString(Formatting.None);
}
