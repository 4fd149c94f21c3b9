using KerasCompat.Dialects;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>
/// The vocabularies that lookup layers of a SavedModel learnt from data. They are in no config: the layer holds a table, the table a function
/// that fills it, and the function the two constants of the graph from which it does, the keys and their values.
/// </summary>
/// <remarks>tf_keras, <c>layers/preprocessing/index_lookup.py</c>: <c>_lookup_table_from_tokens</c>. What is laid out otherwise is left alone, and then missing.</remarks>
internal sealed class SavedVocabularies(SavedModelFile model)
{
    private static readonly HashSet<string> Layers = ["StringLookup", "IntegerLookup", "TextVectorization"];
    private static readonly string[] Lookups = ["_lookup_layer", "_index_lookup_layer"], Tables = ["lookup_table", "_table"];

    private readonly List<(JObject Config, string Keys, string Values)> _wanted = [];

    /// <summary>Notes a layer whose config lacks the vocabulary.</summary>
    public void Note(JObject layer, int node)
    {
        // Weights of tf-idf are learnt, too, and kept elsewhere.
        if (!Layers.Contains(layer.Text("class_name") ?? string.Empty) || layer["config"] is not JObject config || !config["vocabulary"].IsNull() || config.Text("output_mode") is "tf_idf" or "tf-idf")
        {
            return;
        }

        int lookup = Child(node, Lookups) ?? node;
        if (Child(lookup, Tables) is { } table && Child(table, "_initialize") is { } fill
            && Function(fill) is { } function && model.Captured.TryGetValue(function, out IReadOnlyList<int>? captured)
            && Constants(captured) is [var keys, var values])
        {
            _wanted.Add((config, keys, values));
        }
    }

    /// <summary>Puts what was learnt into the configs.</summary>
    /// <param name="folder">The SavedModel's.</param>
    /// <param name="limits">What they may take.</param>
    /// <exception cref="ModelFormatException">The graph is damaged.</exception>
    /// <exception cref="ResourceLimitException">They are larger than the limits allow.</exception>
    public void Fill(ArchiveFolder folder, ReadLimits limits)
    {
        if (_wanted.Count == 0)
        {
            return;
        }

        using Stream stream = folder.OpenSeekable(SavedModelFile.Name);
        IReadOnlyDictionary<string, JArray> constants = GraphConstants.Read(stream, [.. _wanted.SelectMany(w => new[] { w.Keys, w.Values })], folder.Place(SavedModelFile.Name), limits);
        long tokens = 0;
        foreach ((JObject config, string keys, string values) in _wanted)
        {
            // Layers may share a constant, and each has a copy of it.
            tokens += constants.GetValueOrDefault(keys)?.Count ?? 0;
            if (tokens > limits.MaxObjects)
            {
                throw new ResourceLimitException(folder.Name, $"vocabularies of more than {limits.MaxObjects} tokens", $"at most {limits.MaxObjects}");
            }

            if (constants.TryGetValue(keys, out JArray? from) && constants.TryGetValue(values, out JArray? to) && from.Count == to.Count
                && InOrder(config.Flag("invert") == true ? (to, from) : (from, to)) is { } vocabulary)
            {
                config["vocabulary"] = vocabulary;
            }
        }
    }

    /// <summary>The tokens by their indices, which must follow each other.</summary>
    private static JArray? InOrder((JArray Tokens, JArray Indices) table)
    {
        (JToken Token, long Index)[] sorted =
            [.. table.Tokens.Zip(table.Indices).Where(p => p.Second.Type == JTokenType.Integer).Select(p => (p.First, Index: (long)p.Second)).OrderBy(p => p.Index)];
        return sorted.Length == table.Tokens.Count && sorted.Length > 0 && sorted.Select((p, i) => p.Index - i).Distinct().Count() == 1 ? new JArray(sorted.Select(p => p.Token)) : null;
    }

    private int? Child(int node, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (model.Objects[node].Child(name) is { } child)
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>The concrete function of a function that has one.</summary>
    private string? Function(int node) => model.Objects[node].Functions is [var one] ? one : null;

    private string[] Constants(IReadOnlyList<int> captured) =>
        [.. captured.Where(node => node >= 0 && node < model.Objects.Count).Select(node => model.Objects[node].Constant).OfType<string>()];
}
