using KerasCompat.Containers;
using KerasCompat.Dialects;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using KerasCompat.Weights;

namespace KerasCompat;

/// <summary>The way from an opened container to a graph: dialect, layers, lowering.</summary>
internal static class ModelLoader
{
    /// <exception cref="UnsupportedModelException">Something is missing; everything that was found missing is named.</exception>
    public static (CanonicalModel Canonical, Network Network, Graph Graph, IReadOnlyList<string> OutputNames) Build(KerasFile file, LoadOptions options)
    {
        CanonicalModel canonical = Canonicalize(file, options);
        var factory = new LayerFactory(options, file.KerasVersion);
        bool isKnownNoModel = canonical.Problems.Count > 0 && (string?)canonical.Root["kind"] != "model";
        Layer? root = isKnownNoModel ? null : factory.TryCreate(canonical.Root, file.Name);
        if (canonical.Problems.Count + factory.Problems.Count > 0)
        {
            throw new UnsupportedModelException([.. canonical.Problems, .. factory.Problems, .. ProblemsOfCalls(root)]);
        }

        var network = root as Network ?? throw new ModelFormatException(file.Name, $"a {root!.ClassName}", "a model", "the file holds a layer, not a model");
        AssetBinder.Bind(network, file);
        if (LacksInputShape(network))
        {
            throw NeverBuilt(network, file);
        }

        (Graph graph, IReadOnlyList<string> outputNames) = Lower(network, options.CancellationToken);
        return (canonical, network, graph, outputNames);
    }

    /// <summary>What is lacking for the calls of a model of which layers are lacking, as far as can be told.</summary>
    private static IReadOnlyList<Problem> ProblemsOfCalls(Layer? root)
    {
        try
        {
            if (root is Network network && !LacksInputShape(network))
            {
                Lower(network, network.Config.Factory.Options.CancellationToken);
            }
        }
        catch (UnsupportedModelException e)
        {
            return e.Problems;
        }
        catch (KerasCompatException)
        {
            // Follows from what is lacking, or cannot be told from it.
        }

        return [];
    }

    /// <summary>A graph that gives every layer's outputs, over the inputs and states of the model's graph.</summary>
    public static Graph ActivationsGraph(Network network, Graph graph) =>
        new(graph.Inputs, [.. network.Trace.Select(t => t.Tensor.Value)], graph.States);

    /// <summary>The architecture in canonical form, with the input shape that the caller gives.</summary>
    public static CanonicalModel Canonicalize(KerasFile file, LoadOptions options)
    {
        CanonicalModel canonical = Rewritten(file, options);
        return options.InputShape is { } shape ? canonical with { Root = InputLayers.Given(canonical.Root, shape, file.Name) } : canonical;
    }

    private static CanonicalModel Rewritten(KerasFile file, LoadOptions options)
    {
        if (file is { IsCanonical: true, Config: { } canonical })
        {
            return new CanonicalModel(RenamedClasses.Apply(canonical, options.RenamedClasses), file.KerasVersion is null ? "canonical" : $"canonical, of Keras {file.KerasVersion}", []);
        }

        DialectOptions told = DialectOptions.For(file);
        return Canonicalization.Run(
            RenamedClasses.Apply(file.Config ?? throw MissingArchitecture.Of(file), options.RenamedClasses),
            told with { Backend = options.Backend ?? told.Backend, Limits = options.Reading });
    }

    /// <summary>The error for an architecture without weights.</summary>
    public static ModelFormatException WeightsMissing(KerasFile file) => new(
        file.Name,
        file.MissingWeights is { } missing ? $"an architecture without weights: {missing} is missing" : "an architecture without weights",
        "a file with weights, or a second file",
        file.MissingWeights is not null ? "copy the whole folder, with all that is in it" : "give the weights: KerasModel.Load(weights, architecture); or build it with LoadArchitecture and set them");

    /// <summary>The graph of a network in which a layer has changed.</summary>
    public static (Graph Graph, IReadOnlyList<string> OutputNames) LowerAgain(Network network)
    {
        ForgetTraces(network);

        // The token was the load's, which is over.
        return Lower(network, CancellationToken.None);
    }

    private static bool LacksInputShape(Network network) => network.IsSequential && network.Inputs.Count == 0;

    /// <summary>The first stored array hints at the shape, yet cannot tell it: a Dense takes any number of axes.</summary>
    private static ModelFormatException NeverBuilt(Network network, KerasFile file) => new(
        network.Config.Place,
        "a Sequential that was never built: its input shape is not in the file",
        "an input shape",
        "give the axes after the batch: LoadOptions.InputShape = [28, 28], or convert --input-shape 28,28"
        + (file.Weights?.Arrays.FirstOrDefault() is { } first ? $"; the first stored array, {first.Name}, is of shape {first.Shape}" : string.Empty));

    private static void ForgetTraces(Layer layer)
    {
        (layer as Network)?.Trace.Clear();
        foreach (Sublayer sublayer in layer.Sublayers)
        {
            ForgetTraces(sublayer.Layer);
        }
    }

    private static (Graph Graph, IReadOnlyList<string> OutputNames) Lower(Network network, CancellationToken cancellation)
    {
        var builder = new GraphBuilder { MaxSteps = network.Config.Factory.Options.Limits.MaxOperators, CancellationToken = cancellation };
        Structure inputs = Structure.Of(network.Inputs.Select(i => i.Declare(builder)));
        Value[] declared = [.. inputs.Tensors().SelectMany(t => WithLengths(t, t.Value))];
        KerasTensor[] outputs = [.. network.Invoke(builder, Layers.CallArguments.Of(inputs)).Tensors()];
        NameWeights(network, string.Empty);
        Graph graph = builder.Build(declared, [.. outputs.SelectMany(t => WithLengths(t, t.Lengths is null ? t.Value : RaggedRows.Filled(builder, t, 0)))]);
        return (graph, [.. network.OutputNames.Zip(outputs).SelectMany(o => o.Second.Lengths is null ? [o.First] : (string[])[o.First, RaggedTensor.LengthsOf(o.First)])]);
    }

    /// <summary>A tensor as inputs or outputs of a graph: the row lengths of a ragged one stand after it.</summary>
    private static IEnumerable<Value> WithLengths(KerasTensor tensor, Value value) => tensor.Lengths is null ? [value] : [value, tensor.Lengths];

    /// <summary>Gives each weight its path: the names of the layers around it, and its own.</summary>
    private static void NameWeights(Layer layer, string path)
    {
        foreach (Weight weight in layer.OwnWeights)
        {
            weight.Path = $"{path}{weight.Name}";
        }

        foreach (Sublayer sublayer in layer.Sublayers)
        {
            NameWeights(sublayer.Layer, $"{path}{sublayer.Layer.Name}/");
        }
    }
}
