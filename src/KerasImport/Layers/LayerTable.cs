namespace KerasCompat.Layers;

/// <summary>Every layer class, by its canonical name.</summary>
internal static class LayerTable
{
    public static IReadOnlyDictionary<string, Func<LayerConfig, Layer>> Layers { get; } = new Dictionary<string, Func<LayerConfig, Layer>>(StringComparer.Ordinal)
    {
        // Activations
        ["Activation"] = c => new Activation(c),
        ["ELU"] = c => new ELU(c),
        ["LeakyReLU"] = c => new LeakyReLU(c),
        ["PReLU"] = c => new PReLU(c),
        ["ReLU"] = c => new ReLU(c),
        ["Softmax"] = c => new Softmax(c),
        ["ThresholdedReLU"] = c => new ThresholdedReLU(c),

        // Applications: layers that networks of keras.applications bring along
        ["CustomScaleLayer"] = c => new CustomScaleLayer(c),
        ["LayerScale"] = c => new LayerScale(c),

        // Attention
        ["AdditiveAttention"] = c => new AdditiveAttention(c),
        ["Attention"] = c => new Attention(c),
        ["GroupQueryAttention"] = c => new GroupedQueryAttention(c),
        ["MultiHeadAttention"] = c => new MultiHeadAttention(c),

        // Convolutional
        ["Conv1D"] = c => new Conv1D(c),
        ["Conv1DTranspose"] = c => new Conv1DTranspose(c),
        ["Conv2D"] = c => new Conv2D(c),
        ["Conv2DTranspose"] = c => new Conv2DTranspose(c),
        ["Conv3D"] = c => new Conv3D(c),
        ["Conv3DTranspose"] = c => new Conv3DTranspose(c),
        ["DepthwiseConv1D"] = c => new DepthwiseConv1D(c),
        ["DepthwiseConv2D"] = c => new DepthwiseConv2D(c),
        ["LocallyConnected1D"] = c => new LocallyConnected1D(c),
        ["LocallyConnected2D"] = c => new LocallyConnected2D(c),
        ["SeparableConv1D"] = c => new SeparableConv1D(c),
        ["SeparableConv2D"] = c => new SeparableConv2D(c),

        // Core
        ["Dense"] = c => new Dense(c),
        ["EinsumDense"] = c => new EinsumDense(c),
        ["Embedding"] = c => new Embedding(c),
        ["Identity"] = c => new Identity(c),
        ["InputLayer"] = c => new InputLayer(c),
        ["Lambda"] = c => new Lambda(c),
        ["Masking"] = c => new Masking(c),
        ["ReversibleEmbedding"] = c => new ReversibleEmbedding(c),

        // Legacy
        ["Highway"] = c => new Highway(c),
        ["MaxoutDense"] = c => new MaxoutDense(c),
        ["Merge"] = c => new CosineMerge(c),
        ["ParametricSoftplus"] = c => new ParametricSoftplus(c),
        ["SReLU"] = c => new SReLU(c),

        // Merging
        ["Add"] = c => new Add(c),
        ["Average"] = c => new Average(c),
        ["Concatenate"] = c => new Concatenate(c),
        ["Dot"] = c => new Dot(c),
        ["Maximum"] = c => new Maximum(c),
        ["Minimum"] = c => new Minimum(c),
        ["Multiply"] = c => new Multiply(c),
        ["Subtract"] = c => new Subtract(c),

        // Normalization
        ["BatchNormalization"] = c => new BatchNormalization(c),
        ["GroupNormalization"] = c => new GroupNormalization(c),
        ["LayerNormalization"] = c => new LayerNormalization(c),
        ["RMSNormalization"] = c => new RMSNormalization(c),
        ["SpectralNormalization"] = c => new SpectralNormalization(c),
        ["UnitNormalization"] = c => new UnitNormalization(c),

        // Pooling
        ["AdaptiveAveragePooling1D"] = c => new AdaptiveAveragePooling1D(c),
        ["AdaptiveAveragePooling2D"] = c => new AdaptiveAveragePooling2D(c),
        ["AdaptiveAveragePooling3D"] = c => new AdaptiveAveragePooling3D(c),
        ["AdaptiveMaxPooling1D"] = c => new AdaptiveMaxPooling1D(c),
        ["AdaptiveMaxPooling2D"] = c => new AdaptiveMaxPooling2D(c),
        ["AdaptiveMaxPooling3D"] = c => new AdaptiveMaxPooling3D(c),
        ["AveragePooling1D"] = c => new AveragePooling1D(c),
        ["AveragePooling2D"] = c => new AveragePooling2D(c),
        ["AveragePooling3D"] = c => new AveragePooling3D(c),
        ["GlobalAveragePooling1D"] = c => new GlobalAveragePooling1D(c),
        ["GlobalAveragePooling2D"] = c => new GlobalAveragePooling2D(c),
        ["GlobalAveragePooling3D"] = c => new GlobalAveragePooling3D(c),
        ["GlobalMaxPooling1D"] = c => new GlobalMaxPooling1D(c),
        ["GlobalMaxPooling2D"] = c => new GlobalMaxPooling2D(c),
        ["GlobalMaxPooling3D"] = c => new GlobalMaxPooling3D(c),
        ["MaxPooling1D"] = c => new MaxPooling1D(c),
        ["MaxPooling2D"] = c => new MaxPooling2D(c),
        ["MaxPooling3D"] = c => new MaxPooling3D(c),

        // Preprocessing
        ["CategoryEncoding"] = c => new CategoryEncoding(c),
        ["Discretization"] = c => new Discretization(c),
        ["HashedCrossing"] = c => new HashedCrossing(c),
        ["Hashing"] = c => new Hashing(c),
        ["IntegerLookup"] = c => new IntegerLookup(c),
        ["Normalization"] = c => new Normalization(c),
        ["Pipeline"] = c => new Pipeline(c),
        ["RandomFourierFeatures"] = c => new RandomFourierFeatures(c),
        ["Rescaling"] = c => new Rescaling(c),
        ["StringLookup"] = c => new StringLookup(c),
        ["TFDConcat"] = c => new TFDConcat(c),
        ["TextVectorization"] = c => new TextVectorization(c),

        // Recurrent
        ["Bidirectional"] = c => new Bidirectional(c),
        ["ConvLSTM1D"] = c => new ConvLSTM1D(c),
        ["ConvLSTM1DCell"] = c => new ConvLSTMCell(c, 1),
        ["ConvLSTM2D"] = c => new ConvLSTM2D(c),
        ["ConvLSTM2DCell"] = c => new ConvLSTMCell(c, 2),
        ["ConvLSTM3D"] = c => new ConvLSTM3D(c),
        ["ConvLSTM3DCell"] = c => new ConvLSTMCell(c, 3),
        ["GRU"] = c => new GRU(c),
        ["GRUCell"] = c => new GRUCell(c),
        ["LSTM"] = c => new LSTM(c),
        ["LSTMCell"] = c => new LSTMCell(c),
        ["PeepholeLSTMCell"] = c => new PeepholeLSTMCell(c),
        ["RNN"] = c => new RNN(c),
        ["SimpleRNN"] = c => new SimpleRNN(c),
        ["SimpleRNNCell"] = c => new SimpleRNNCell(c),
        ["StackedRNNCells"] = c => new StackedRNNCells(c),

        // Preprocessing: audio
        ["MelSpectrogram"] = c => new MelSpectrogram(c),
        ["STFTSpectrogram"] = c => new STFTSpectrogram(c),

        // Preprocessing: images; those that training alone changes do nothing at inference
        ["AugMix"] = c => new TrainingOnly(c, "value_range", "data_format", "num_chains", "chain_depth", "factor", "alpha", "all_ops", "interpolation"),
        ["AutoContrast"] = c => new AutoContrast(c),
        ["CenterCrop"] = c => new CenterCrop(c),
        ["ContrastLimitedAdaptiveHistogramEqualization"] = c => new ContrastLimitedAdaptiveHistogramEqualization(c),
        ["CutMix"] = c => new TrainingOnly(c, "factor", "data_format"),
        ["Equalization"] = c => new TrainingOnly(c, "value_range", "data_format", "bins"),
        ["MaxNumBoundingBoxes"] = c => new MaxNumBoundingBoxes(c),
        ["MixUp"] = c => new TrainingOnly(c, "alpha", "data_format"),
        ["RandAugment"] = c => new TrainingOnly(c, "value_range", "data_format", "num_ops", "factor", "interpolation"),
        ["RandomBrightness"] = c => new TrainingOnly(c, "factor", "value_range", "data_format"),
        ["RandomColorDegeneration"] = c => new TrainingOnly(c, "factor", "value_range", "data_format"),
        ["RandomColorJitter"] = c => new TrainingOnly(c, "value_range", "data_format", "brightness_factor", "contrast_factor", "saturation_factor", "hue_factor"),
        ["RandomContrast"] = c => new TrainingOnly(c, "factor", "value_range", "data_format"),
        ["RandomCrop"] = c => new RandomCrop(c),
        ["RandomElasticTransform"] = c => new TrainingOnly(c, castsInput: true, "factor", "scale", "interpolation", "fill_mode", "fill_value", "value_range", "data_format"),
        ["RandomErasing"] = c => new TrainingOnly(c, "factor", "scale", "fill_value", "value_range", "data_format"),
        ["RandomFlip"] = c => new TrainingOnly(c, castsInput: true, "mode", "data_format"),
        ["RandomGaussianBlur"] = c => new TrainingOnly(c, castsInput: true, "factor", "kernel_size", "sigma", "value_range", "data_format"),
        ["RandomGrayscale"] = c => new TrainingOnly(c, "factor", "data_format"),
        ["RandomHeight"] = c => new TrainingOnly(c, "factor", "interpolation"),
        ["RandomHue"] = c => new TrainingOnly(c, "factor", "value_range", "data_format"),
        ["RandomInvert"] = c => new TrainingOnly(c, "factor", "value_range", "data_format"),
        ["RandomPerspective"] = c => new TrainingOnly(c, castsInput: true, "factor", "scale", "interpolation", "fill_value", "value_range", "data_format"),
        ["RandomPosterization"] = c => new TrainingOnly(c, "factor", "value_range", "data_format"),
        ["RandomRotation"] = c => new TrainingOnly(c, castsInput: true, "factor", "fill_mode", "fill_value", "interpolation", "value_range", "data_format"),
        ["RandomSaturation"] = c => new TrainingOnly(c, "factor", "value_range", "data_format"),
        ["RandomSharpness"] = c => new TrainingOnly(c, castsInput: true, "factor", "value_range", "data_format"),
        ["RandomShear"] = c => new TrainingOnly(c, castsInput: true, "x_factor", "y_factor", "fill_mode", "fill_value", "interpolation", "value_range", "data_format"),
        ["RandomTranslation"] = c => new TrainingOnly(c, castsInput: true, "height_factor", "width_factor", "fill_mode", "fill_value", "interpolation", "value_range", "data_format"),
        ["RandomWidth"] = c => new TrainingOnly(c, "factor", "interpolation"),
        ["RandomZoom"] = c => new TrainingOnly(c, castsInput: true, "height_factor", "width_factor", "fill_mode", "fill_value", "interpolation", "value_range", "data_format"),
        ["Resizing"] = c => new Resizing(c),
        ["Solarization"] = c => new TrainingOnly(c, castsInput: true, "addition_factor", "threshold_factor", "value_range", "data_format"),

        // Regularization: nothing at inference
        ["ActivityRegularization"] = c => new Identity(c, "l1", "l2"),
        ["AddLoss"] = c => new Identity(c, "unconditional"),
        ["AddMetric"] = c => new Identity(c, "aggregation", "metric_name"),
        ["AlphaDropout"] = c => new TrainingOnly(c, "rate"),
        ["Dropout"] = c => new TrainingOnly(c, "rate"),
        ["GaussianDropout"] = c => new TrainingOnly(c, "rate"),
        ["GaussianNoise"] = c => new TrainingOnly(c, "stddev"),
        ["SpatialDropout1D"] = c => new TrainingOnly(c, "rate"),
        ["SpatialDropout2D"] = c => new TrainingOnly(c, "rate", "data_format"),
        ["SpatialDropout3D"] = c => new TrainingOnly(c, "rate", "data_format"),

        // Reshaping
        ["Cropping1D"] = c => new Cropping1D(c),
        ["Cropping2D"] = c => new Cropping2D(c),
        ["Cropping3D"] = c => new Cropping3D(c),
        ["Flatten"] = c => new Flatten(c),
        ["Permute"] = c => new Permute(c),
        ["RepeatVector"] = c => new RepeatVector(c),
        ["Reshape"] = c => new Reshape(c),
        ["UpSampling1D"] = c => new UpSampling1D(c),
        ["UpSampling2D"] = c => new UpSampling2D(c),
        ["UpSampling3D"] = c => new UpSampling3D(c),
        ["ZeroPadding1D"] = c => new ZeroPadding1D(c),
        ["ZeroPadding2D"] = c => new ZeroPadding2D(c),
        ["ZeroPadding3D"] = c => new ZeroPadding3D(c),

        // Wrappers
        ["TimeDistributed"] = c => new TimeDistributed(c),
    };
}
