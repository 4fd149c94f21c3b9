namespace KerasCompat.Containers;

/// <summary>What is said when a model is asked for and the file holds weights only.</summary>
internal static class MissingArchitecture
{
    /// <summary>The error for a file without <see cref="KerasFile.Config"/>.</summary>
    public static ModelFormatException Of(KerasFile file)
    {
        int arrays = file.Weights?.Arrays.Count() ?? 0;
        string found = file.Weights switch
        {
            LayerWeights layers => $"weights only: {arrays} arrays of {layers.Layers.Count} layers, and no architecture (no model_config)",
            PathWeights => $"weights only: {arrays} arrays, and no architecture (as save_weights writes)",
            _ => "neither architecture nor weights",
        };
        string stem = NearbyArchitecture.Names(file.Name).First(name => !name.StartsWith(file.Name, StringComparison.Ordinal));
        return new ModelFormatException(file.Name, found, "a whole model, or its architecture beside it",
            $"give the architecture too: KerasModel.Load(weights, architecture), or put model.to_json() beside the file as {stem}");
    }
}
