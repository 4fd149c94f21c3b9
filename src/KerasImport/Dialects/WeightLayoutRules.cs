namespace KerasCompat.Dialects;

/// <summary>Which conversions a layer's stored arrays need: by the generation and backend that wrote them.</summary>
internal static class WeightLayoutRules
{
    private static readonly (string[] Classes, Func<LayerDraft, bool> When, string Layout)[] Rules =
    [
        // Kernels are turned before gates are joined: under channels_first a gate's kernel has its filters first.
        (["Conv2D", "Conv3D", "Conv2DTranspose", "SeparableConv2D", "ConvLSTM2D"], draft => IsKeras1(draft) && IsChannelsFirst(draft), WeightLayouts.ChannelsFirstKernels),
        (["Conv2DTranspose"], IsKeras1, WeightLayouts.SwappedChannels),
        (["Conv1D"], IsKeras1, WeightLayouts.Keras1Conv1D),
        (["LSTM", "ConvLSTM2D"], draft => IsKeras1(draft) && IsByGate(draft), WeightLayouts.Keras1Lstm),
        (["GRU"], draft => IsKeras1(draft) && IsByGate(draft), WeightLayouts.Keras1Gru),
        (["GRU"], draft => draft.Generation.Is(Era.Keras2, 2, 0, 2) && draft.Config.Integer("implementation") == 1 && draft.Config.Flag("use_bias") == true, WeightLayouts.ResetForNewGru),
        (["BatchNormalization"], draft => draft.Generation.Is(Era.Keras1, 1, 0, 6), WeightLayouts.Keras1RunningStd),
        (["Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "ConvLSTM2D"], draft => draft.Generation.IsLegacy && draft.Context.IsTheano, WeightLayouts.FlippedKernels),
        (["Conv2D", "Conv2DTranspose", "ConvLSTM2D"], IsKeras2, WeightLayouts.KernelByShape),
        (["LSTM"], draft => IsKeras2(draft) && IsPlain(draft), WeightLayouts.CudnnLstm),
        (["GRU"], draft => IsKeras2(draft) && IsPlain(draft) && draft.Config.Flag("reset_after") == true, WeightLayouts.CudnnGru),
    ];

    /// <summary>Lists a layer's conversions.</summary>
    public static void Apply(LayerDraft draft)
    {
        foreach ((string[] classes, Func<LayerDraft, bool> when, string layout) in Rules)
        {
            if (classes.Contains(draft.ClassName) && when(draft))
            {
                draft.WeightLayout.Add(layout == WeightLayouts.Keras1RunningStd ? FormattableString.Invariant($"{layout}:{draft.Config["epsilon"]}") : layout);
            }
        }
    }

    private static bool IsKeras1(LayerDraft draft) =>
        draft.Generation.Era == Era.Keras1 || (draft.Generation.IsLegacy && draft.Context.Options.HasKeras1Weights);

    private static bool IsKeras2(LayerDraft draft) => draft.Generation.Era is Era.Keras2 or Era.TfKeras && !IsKeras1(draft);

    private static bool IsChannelsFirst(LayerDraft draft) => draft.Config.Text("data_format") == DataFormats.First;

    /// <summary>Keras 1 joined the gates only where it was to consume less time on a GPU; for ConvLSTM2D never.</summary>
    private static bool IsByGate(LayerDraft draft) => draft.Context.StoredShapes(draft.Name) is { Count: > 0 } stored
        ? stored.Count > 3
        : draft.ClassName == "ConvLSTM2D" || draft.Config.Integer("implementation") != 2;

    /// <summary>What cuDNN can compute, and so what its weights may be loaded into.</summary>
    private static bool IsPlain(LayerDraft draft) => draft.Config.Text("activation") == "tanh"
        && draft.Config.Text("recurrent_activation") == "sigmoid" && draft.Config.Flag("use_bias") == true;
}
