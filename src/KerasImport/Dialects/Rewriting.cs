using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Finds out what an entry of a file is – a model, a layer, an operation – and has it rewritten.</summary>
internal static class Rewriting
{
    private const string RootRemedy = "a model of code: rebuild it from its layers, or save it as a functional model";

    private static readonly HashSet<string> FunctionalClasses = ["Functional", "Model", "Container", "Network"];

    /// <summary>tf.keras's stand-ins for operations.</summary>
    private static readonly HashSet<string> OperationClasses =
        ["TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer", "ClassMethod", "InstanceMethod", "InstanceProperty"];

    /// <summary>Layers of Keras 3 whose <c>get_config</c> starts anew and leaves <c>trainable</c> out. No operation has their names.</summary>
    private static readonly HashSet<string> LayersWithoutTrainable =
        ["SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "Discretization", "HashedCrossing"];

    /// <summary>Where Keras 3 has the classes of its operations; activations such as Mish are operations too.</summary>
    private static readonly string[] OperationModules = ["keras.src.ops", "keras.ops", "keras.src.activations"];

    /// <summary>Rewrites a whole architecture.</summary>
    public static JObject Root(JObject model, DialectContext context)
    {
        JObject entry = Keras0Entries.WithClassName(model);
        if (entry.Text("class_name") is null)
        {
            context.Report(string.Empty, "no class_name", "a model's JSON, {\"class_name\", \"config\", …}");
        }

        JObject root = Entry(entry, string.Empty, context, 0);
        if (root.Text("kind") != "model" && entry.Text("class_name") is { } className)
        {
            context.Report(string.Empty, $"class {root.Text("registered_name") ?? className}", "a Sequential or functional model", RootRemedy);
        }

        return root;
    }

    /// <summary>Rewrites an entry of <c>layers</c>, a wrapped layer or a cell.</summary>
    /// <param name="entry">The entry as written.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="context">What is known about the file.</param>
    /// <param name="depth">How many models and wrappers it stands in.</param>
    public static JObject Entry(JObject entry, string place, DialectContext context, int depth)
    {
        context.CheckDepth(depth, place);
        string className = entry.Text("class_name") ?? string.Empty;
        JToken? config = entry["config"];
        if (className == "Sequential" || config is JArray)
        {
            return SequentialModels.Rewrite(entry, place, context, depth);
        }

        if (config is JObject graph && (FunctionalClasses.Contains(className) || (graph["layers"] is JArray && graph.ContainsKey("output_layers"))))
        {
            return FunctionalModels.Rewrite(entry, graph, place, context, depth);
        }

        return IsOperation(entry, className) ? Layers.RewriteOperation(entry, place, context) : Layers.Rewrite(entry, place, context, depth);
    }

    /// <summary>The entry's place: <c>layers[3] "conv1" (Conv2D)</c>.</summary>
    public static string Place(string parent, string key, JObject entry)
    {
        string name = NameOf(entry) is { } given ? $" \"{given}\"" : string.Empty;
        return Place(parent, $"{key}{name} ({entry.Text("class_name") ?? "no class_name"})");
    }

    /// <summary>A key's place.</summary>
    public static string Place(string parent, string key) => parent.Length == 0 ? key : $"{parent}.{key}";

    /// <summary>The name an entry carries, beside its class or in its config.</summary>
    public static string? NameOf(JObject entry) => entry.Text("name") ?? (entry["config"] as JObject)?.Text("name");

    /// <summary>Keras 3 writes an operation's module; its HDF5 files do not, there an operation is what lacks a layer's <c>trainable</c>.</summary>
    private static bool IsOperation(JObject entry, string className)
    {
        if (OperationClasses.Contains(className))
        {
            return true;
        }

        if (entry.ContainsKey("module"))
        {
            return entry.Text("module") is { } module
                && OperationModules.Any(m => module.StartsWith(m, StringComparison.Ordinal));
        }

        return className != "InputLayer" && !LayersWithoutTrainable.Contains(className)
            && entry["config"] is JObject config && !config.ContainsKey("trainable")
            && entry["inbound_nodes"] is JArray { First: JObject call } && call.ContainsKey("args");
    }
}
