import tensorflow as tf

w = tf.Variable(tf.truncated_normal([2, 3]))
saver = tf.train.Saver()

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(sess.run(w))
    saver.save(sess, './model.ckpt')
