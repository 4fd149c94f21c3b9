using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Finds graphs whose outputs need an input that the model does not list (some files of Keras 3.10).</summary>
internal static class UnlistedInputs
{
    /// <summary>Reports each input layer that an output hangs on and that is not among the model's inputs.</summary>
    public static void Check(
        List<TensorReference> references, Dictionary<string, JObject> layers, JToken inputs, JToken outputs, string place, DialectContext context)
    {
        HashSet<string> listed = [.. Names(inputs)];
        ILookup<Call, TensorReference> arguments = references
            .Where(reference => reference is { IsResolved: true, From: not null })
            .ToLookup(reference => reference.From!.Value);
        var seen = new HashSet<Call>();
        var next = new Stack<Call>(references
            .Where(reference => reference is { IsResolved: true, From: null } && Contains(outputs, reference.History))
            .Select(reference => new Call(reference.Layer, reference.Node)));
        while (next.TryPop(out Call call))
        {
            if (!seen.Add(call) || listed.Contains(call.Layer))
            {
                continue;
            }

            if (layers[call.Layer].Text("class_name") == "InputLayer")
            {
                context.Report(
                    Rewriting.Place(place, "input_layers"),
                    $"no \"{call.Layer}\", which the outputs hang on",
                    "every input that the outputs need",
                    "save the model again with that input listed");
            }

            foreach (TensorReference argument in arguments[call])
            {
                next.Push(new Call(argument.Layer, argument.Node));
            }
        }
    }

    private static IEnumerable<string> Names(JToken structure) =>
        structure is JContainer edge ? edge.DescendantsAndSelf().OfType<JValue>().Select(value => value.Value).OfType<string>() : [];

    /// <summary>True where a leaf belongs to a model's inputs or outputs.</summary>
    public static bool Contains(JToken structure, JArray leaf) =>
        structure is JContainer edge && edge.DescendantsAndSelf().Any(token => ReferenceEquals(token, leaf));
}
