namespace KerasCompat.Layers;

/// <summary>Layers of Keras that hold what is not in the file, or not in a form that may be run, and what to do instead.</summary>
internal static class RefusedLayers
{
    private static readonly Dictionary<string, string> Remedies = new(StringComparer.Ordinal)
    {
        ["DenseFeatures"] = "TensorFlow's feature columns are not read: save the model that follows them, and feed it their output",
        ["FeatureSpace"] = "save the model that follows it (feature_space.get_encoded_features()), and feed it the encoded features",
        ["FlaxLayer"] = "it runs Python code of the author's: rebuild what it computes with layers of Keras",
        ["JaxLayer"] = "it runs Python code of the author's: rebuild what it computes with layers of Keras",
        ["KerasLayer"] = "it runs a module of TensorFlow Hub: rebuild what it computes with layers of Keras",
        ["SequenceFeatures"] = "TensorFlow's feature columns are not read: save the model that follows them, and feed it their output",
        ["TFSMLayer"] = "it runs a TensorFlow SavedModel: load the model that the SavedModel was exported from",
        ["TorchModuleWrapper"] = "it holds a PyTorch module as a pickle, which is never loaded: rebuild what it computes with layers of Keras",
    };

    /// <summary>What to do about a layer; null for classes that are not known.</summary>
    public static string? Remedy(string className) => Remedies.GetValueOrDefault(className);
}
