namespace KerasCompat.Containers;

/// <summary>Finds the architecture that lies beside a weights file, by the names people give the pair.</summary>
/// <remarks>
/// <c>model.h5</c> + <c>model.json</c>, <c>X_weights.h5</c> + <c>X.json</c>, <c>X.h5</c> + <c>X.h5.json</c>, <c>X_arch.json</c>,
/// <c>X.weights.h5</c> + <c>X.json</c> and their kin. A file that is no architecture is passed over.
/// </remarks>
internal static class NearbyArchitecture
{
    private static readonly string[] WeightExtensions =
    [
        ".weights.json", ".weights.h5", ".weights.hdf5", ".h5", ".hdf5", ".hdf", ".he5", ".keras", ".weights", ".weight", ".wts", ".model",
    ];

    private static readonly string[] WeightWords = ["_model_weights", "_weights", "-weights", ".weights", " weights", "_weight", "-weight", "_wts", "_w", "Weights", "weights", "_model"];

    private static readonly string[] WeightPrefixes = ["weights_", "weights-", "weights.", "weight_"];

    private static readonly string[] ArchitectureWords =
    [
        "", "_model", "_arch", "_architecture", "_config", "_model_config", "_structure", "_json", "_topology",
        "-model", "-arch", "-architecture", "-config", ".model", ".arch", ".architecture", ".config", "Model", "Architecture",
    ];

    private static readonly string[] CommonNames = ["model", "architecture", "model_architecture", "model_arch", "model_config", "arch", "config"];

    private static readonly string[] Extensions = [".json", ".yaml", ".yml", ".json.gz"];

    /// <summary>The first of the candidates that is an architecture, or null.</summary>
    public static (string Path, ArchitectureConfig Config)? Find(string weightsPath, ReadLimits limits)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(weightsPath))!;
        foreach (string name in Names(Path.GetFileName(weightsPath)))
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path) && TryRead(path, limits) is { } config)
            {
                return (path, config);
            }
        }

        return null;
    }

    /// <summary>The names that are tried, the likeliest first.</summary>
    public static IEnumerable<string> Names(string weightsName)
    {
        string extension = WeightExtensions.FirstOrDefault(e => weightsName.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ?? Path.GetExtension(weightsName);
        string stem = weightsName[..^extension.Length];
        var bases = new List<string> { stem };
        bases.AddRange(WeightWords.Where(word => stem.EndsWith(word, StringComparison.Ordinal)).Select(word => stem[..^word.Length]));
        bases.AddRange(WeightPrefixes.Where(word => stem.StartsWith(word, StringComparison.Ordinal)).Select(word => stem[word.Length..]));
        if (stem.Contains("weights", StringComparison.Ordinal))
        {
            // A word in the middle: cnn_weights_v2.h5 + cnn_config_v2.json
            bases.AddRange(new[] { "model", "config", "architecture", "arch" }.Select(word => stem.Replace("weights", word, StringComparison.Ordinal)));
        }

        var names = new List<string> { weightsName };
        names.AddRange(bases.Where(b => b.Length > 0).Distinct().SelectMany(_ => ArchitectureWords, (b, word) => b + word));
        if (bases.Exists(b => b is "" or "model" or "weights"))
        {
            names.AddRange(CommonNames);
        }

        return names.Distinct().SelectMany(_ => Extensions, (name, e) => name + e).Where(name => name != weightsName);
    }

    private static ArchitectureConfig? TryRead(string path, ReadLimits limits)
    {
        try
        {
            using KerasFile file = KerasFileReader.OpenAlone(path, limits);
            return file.Config is null ? null : new ArchitectureConfig(file.Config, file.TrainingConfig, file.KerasVersion, file.Backend);
        }
        catch (KerasCompatException)
        {
            return null;
        }
    }
}
